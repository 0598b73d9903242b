import ArgumentParser
import HTTPClient
import Jobs
import KreaAPI
import Logging
import SQLiteStore
import Web

/// Reads the configuration as `serve` would, and reports what is wrong. Starts nothing.
struct CheckConfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Shows every setting, its source, and what is wrong with it on this machine; exits with 1 on an error.",
        discussion: "Warnings are not errors. Run it as the service's user, or as root with --user."
    )

    @Flag(help: "Show only problems.")
    var quiet = false

    @Flag(help: "Ask Krea whether it accepts the token: one call, for the latest job, but never within a pause.")
    var online = false

    @Option(help: "The service's user; by default the user who runs this.")
    var user: String?

    func validate() throws {
        guard let user, Account(named: user) == nil else { return }
        throw ValidationError("There is no user \"\(user)\".")
    }

    func run() async throws {
        let configuration = try ServiceConfiguration(.present())
        if !quiet {
            for line in configuration.lines { Terminal.say(line) }
            Terminal.say("listening on: \(configuration.listenAddress)")
            if let proxy = configuration.proxy { Terminal.say("proxy for calls to Krea and for pictures: \(proxy) (\(proxy.variable))") }
            if configuration.token == nil { Terminal.say(tokenMissingMessage) }
        }
        _ = try configuration.openKeyFile(Logger(label: "krea-fcgi"))

        let account = user.flatMap(Account.init(named:)) ?? .present
        var findings = ConfigurationCheck(configuration, as: account).findings
        let store = try? configuration.openExistingStore(goesOutside: online)
        let latestCall = try store.flatMap { store in
            let latest = try store.overview(at: WallClock.now()).latestCall
            return try store.calls(after: latest - 1, limit: 1).first
        }
        findings += ConfigurationCheck.clockFindings(now: WallClock.now(), latestCall: latestCall?.startedAt)
        if online {
            let (lines, found) = try await check(configuration, store)
            if !quiet { for line in lines { Terminal.say(line) } }
            findings += found
        }
        for finding in findings { Terminal.say(finding) }
        let errors = findings.count { if case .error = $0 { true } else { false } }
        guard errors == 0 else { throw ExitCode.failure }
        if !quiet { Terminal.say(findings.isEmpty ? "The configuration is valid." : "The configuration is valid, with warnings.") }
    }

    private func check(
        _ configuration: ServiceConfiguration, _ store: SQLiteStore?
    ) async throws -> (lines: [String], findings: [ConfigurationCheck.Finding]) {
        let krea = KreaClient(
            server: configuration.server, token: { configuration.token }, userAgent: Service.userAgent,
            timeout: configuration.rules.requestTimeout,
            transport: HTTPTransport(client: HTTPClient(proxy: configuration.proxy?.clientProxy)))
        return try await TokenCheck(krea: krea, store: store, now: WallClock.now).run()
    }
}
