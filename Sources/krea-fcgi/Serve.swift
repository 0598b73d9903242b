import ArgumentParser
import Configuration
import Glibc
import Logging

/// Runs the service until SIGTERM or SIGINT.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Answers the web server and brings jobs to Krea, until SIGTERM or SIGINT.")

    func run() async throws {
        // Prompts are in the store's files: nobody but the service's own user reads them.
        umask(0o077)
        let configuration = try ServiceConfiguration(ConfigReader(provider: EnvironmentVariablesProvider()))
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = configuration.logLevel
            return handler
        }
        try await Service(configuration).run()
    }
}
