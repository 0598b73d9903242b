import ArgumentParser
import Configuration
import Jobs
import Logging

/// Reads the configuration as `serve` would, says what it is, and starts nothing.
struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Shows every setting with its value and checks them; exits with 1 if one is not allowed."
    )

    func run() throws {
        let configuration = try ServiceConfiguration(ConfigReader(provider: EnvironmentVariablesProvider()))
        for line in configuration.lines { print(line) }
        _ = try configuration.openKeyFile(Logger(label: "krea-fcgi"))
        print("listening on: \(configuration.listenAddress)")
        if configuration.token == nil { print(tokenMissingMessage) }
        print("The configuration is valid.")
    }
}
