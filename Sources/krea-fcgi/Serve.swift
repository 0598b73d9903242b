import ArgumentParser
import Glibc
import Jobs
import Logging
import Logs

/// Runs the service until SIGTERM or SIGINT.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answers the web server and brings jobs to Krea, until SIGTERM or SIGINT. SIGHUP reads the configuration again.")

    func run() async throws {
        // Prompts are in the store's files: nobody but the service's own user reads them.
        umask(0o077)
        let configuration = try ServiceConfiguration(.present())
        let output = LogOutput(configuration.logLineFormat, level: configuration.logLevel, time: { WallClock.now().iso8601 })
        LoggingSystem.bootstrap(output.handler)
        try await Service(configuration, output).run()
    }
}
