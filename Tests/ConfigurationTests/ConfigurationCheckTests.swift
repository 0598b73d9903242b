import Jobs
import TestSupport
import Testing

@testable import krea_fcgi

/// What is found wrong on a machine, on machines that are made up.
@Suite struct ConfigurationCheckTests {
    private static let krea = Account(name: "krea", user: 900, group: 900, groups: [900])
    private static let web = Account(name: "www-data", user: 33, group: 33, groups: [33, 900])

    /// A machine on which everything is right.
    private static let right: [String: FileFacts] = [
        "/run": FileFacts(.folder, mode: 0o755, owner: 0, group: 0), "/var": FileFacts(.folder, mode: 0o755, owner: 0, group: 0),
        "/run/krea": FileFacts(.folder, mode: 0o755, owner: 900, group: 900),
        "/var/krea": FileFacts(.folder, mode: 0o750, owner: 900, group: 900),
        "/var/krea/jobs.sqlite": FileFacts(.file, mode: 0o600, owner: 900, group: 900),
    ]

    private func findings(
        _ changes: [String: FileFacts?] = [:], variables: [String: String] = [:], account: Account = krea, web: [Account] = [web]
    ) throws -> [ConfigurationCheck.Finding] {
        var facts = Self.right
        for (path, fact) in changes { facts[path] = fact }
        let environment = ["KREA_FCGI_LISTEN": "unix:/run/krea/krea.sock", "KREA_FCGI_STORE": "/var/krea/jobs.sqlite"]
        let configuration = try ServiceConfiguration(ConfigurationSource(environment: environment.merging(variables) { $1 }))
        return ConfigurationCheck(configuration: configuration, account: account, webServers: web, facts: { facts[$0] }) { "g\($0)" }
            .findings
    }

    @Test func `where everything is right nothing is found`() throws {
        #expect(try findings() == [])
        #expect(try findings(["/var/krea/jobs.sqlite": nil]) == [])
        #expect(try findings(web: []) == [])
        #expect(try findings(variables: ["KREA_FCGI_LISTEN": "127.0.0.1:9000"]) == [])
    }

    @Test func `that messages to other programs do not go through a proxy is told where there are both`() throws {
        let proxy = ["HTTPS_PROXY": "http://proxy.example:3128"]
        let hooks = [
            "KREA_FCGI_WEBHOOK_HOSTS": "hooks.example.org", "KREA_FCGI_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ]
        #expect(try findings(variables: proxy) == [])
        #expect(try findings(variables: hooks) == [])
        let found = try findings(variables: proxy.merging(hooks) { $1 }).map(\.description)
        #expect(found.count == 1 && found[0].hasPrefix("warning: HTTPS_PROXY: messages to the hosts of KREA_FCGI_WEBHOOK_HOSTS do not go"))
    }

    @Test func `without an address the socket may be handed over, so that its folder is no error`() throws {
        #expect(
            try findings(variables: ["KREA_FCGI_LISTEN": ""]) == [
                .warning(
                    "KREA_FCGI_LISTEN: the folder /run/krea-fcgi of the socket is not there, unless the socket is handed over as descriptor 0."
                )
            ])
    }

    @Test func `a folder that is missing or closed to the service is an error`() throws {
        #expect(try findings(["/run/krea": nil]) == [.error("KREA_FCGI_LISTEN: the folder /run/krea of the socket is not there.")])
        #expect(try findings(["/var/krea": nil]) == [.error("KREA_FCGI_STORE: the folder /var/krea of the store is not there.")])
        let roots = FileFacts(.folder, mode: 0o755, owner: 0, group: 0)
        #expect(
            try findings(["/run/krea": roots]) == [
                .error("KREA_FCGI_LISTEN: krea cannot make a socket in /run/krea (mode 0755, owner 0, group g0).")
            ])
        #expect(
            try findings(["/var/krea": roots]) == [
                .error("KREA_FCGI_STORE: krea cannot make files in /var/krea (mode 0755, owner 0, group g0), which SQLite has to.")
            ])
        #expect(try findings(["/run/krea": roots], account: Account(name: "root", user: 0, group: 900, groups: [900])) == [])
    }

    @Test func `a web server that is not in the socket's group is told of, unless the folder gives its own group`() throws {
        let stranger = Account(name: "www-data", user: 33, group: 33, groups: [33])
        let warning = ConfigurationCheck.Finding.warning(
            "KREA_FCGI_LISTEN: the socket will belong to the group g900, in which none of www-data is: the web server cannot connect.")
        #expect(try findings(web: [stranger]) == [warning])
        #expect(try findings(["/run/krea": FileFacts(.folder, mode: 0o2755, owner: 900, group: 33)], web: [stranger]) == [])
    }

    @Test func `a folder on the way that the web server cannot pass is named`() throws {
        #expect(
            try findings(["/run/krea": FileFacts(.folder, mode: 0o700, owner: 900, group: 900)]) == [
                .warning("KREA_FCGI_LISTEN: none of www-data gets through /run/krea, so the web server cannot connect.")
            ])
    }

    @Test func `a store that others may open is told of, one that the service may not is an error`() throws {
        #expect(
            try findings(["/var/krea/jobs.sqlite": FileFacts(.file, mode: 0o644, owner: 900, group: 900)]) == [
                .warning(
                    "KREA_FCGI_STORE: others than the owner may open /var/krea/jobs.sqlite (mode 0644, owner 900, group g900), in which "
                        + "prompts are: run chmod 0600 on it.")
            ])
        #expect(
            try findings(["/var/krea/jobs.sqlite": FileFacts(.file, mode: 0o600, owner: 0, group: 0)]) == [
                .error("KREA_FCGI_STORE: krea cannot read and write /var/krea/jobs.sqlite (mode 0600, owner 0, group g0).")
            ])
    }

    @Test func `pictures that the web server cannot read are told of`() throws {
        let folder = try TemporaryFolder()
        let variables = ["KREA_FCGI_IMAGES": folder.path]
        let closed = FileFacts(.folder, mode: 0o700, owner: 900, group: 900)
        #expect(
            try findings([folder.path: closed], variables: variables) == [
                .warning(
                    "KREA_FCGI_IMAGES: none of www-data can read \(folder.path) (mode 0700, owner 900, group g900), so the web server cannot show "
                        + "the pictures.")
            ])
        #expect(try findings([folder.path: FileFacts(.folder, mode: 0o750, owner: 900, group: 900)], variables: variables) == [])
        #expect(try findings([folder.path: FileFacts(.folder, mode: 0o755, owner: 0, group: 0)], variables: variables).count == 1)
    }

    @Test(arguments: [
        ("\"abc\"", "stands in quotes, which are not a part of a token"), ("'abc", "stands in quotes, which are not a part of a token"),
        ("Bearer:abc", "begins with Bearer, which is not a part of a token"), ("$TOKEN", "looks like a place for a token and not like one"),
        ("<token>", "looks like a place for a token and not like one"),
    ])
    func `a token that can be none is told of, and not shown`(token: String, fault: String) throws {
        #expect(
            try findings(variables: ["KREA_API_TOKEN": token]) == [.warning("KREA_API_TOKEN \(fault) (its value is not shown).")])
        #expect(try findings(variables: ["KREA_API_TOKEN": "abc:def"]) == [])
    }

    @Test func `a clock that is far behind is an error, one that is behind the ledger a warning`() {
        let now = Timestamp(milliseconds: 1_772_366_400_000)
        #expect(ConfigurationCheck.clockFindings(now: now, latestCall: nil) == [])
        #expect(ConfigurationCheck.clockFindings(now: now, latestCall: now + .seconds(60)) == [])
        #expect(
            ConfigurationCheck.clockFindings(now: now, latestCall: now + .seconds(61)) == [
                .warning(
                    "The clock says 2026-03-01T12:00:00.000Z, but the latest call to Krea was begun at 2026-03-01T12:01:01.000Z: it was put "
                        + "back, or is wrong.")
            ])
        #expect(
            ConfigurationCheck.clockFindings(now: .epoch, latestCall: nil) == [
                .error(
                    "The clock says 1970-01-01T00:00:00.000Z, which is long past: no certificate is valid then, and no call to Krea will "
                        + "succeed.")
            ])
    }
}
