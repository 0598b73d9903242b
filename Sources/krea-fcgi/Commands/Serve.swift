import ArgumentParser
import CFastCGI
import FastCGI
import Glibc
import Jobs
import Logging
import Logs
import UnixSignals

/// Runs the service until SIGTERM, SIGINT or SIGQUIT.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: """
            Answers the web server and sends jobs to Krea, until SIGTERM, SIGINT or SIGQUIT. SIGHUP reads the configuration again.
            """)

    func run() async throws {
        // The store's files contain prompts, so only the service's user may read them.
        umask(0o077)
        // Otherwise each thread has its own heap, and keeps the memory that it once needed.
        mallopt(M_ARENA_MAX, 2)
        // Before the configuration is read, so that no SIGHUP is lost or ends the program.
        Signals.ignoreHangups()
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let configuration = try readConfiguration()
        let writer = LogWriter(descriptor: STDERR_FILENO)
        let output = LogOutput(
            configuration.logLineFormat, level: configuration.logLevel, time: { WallClock.now().iso8601 }, write: writer.add)
        LoggingSystem.bootstrap(output.handler)
        defer {
            output.reportLost()
            writer.finish(within: Self.logTime)
        }
        try await Service(configuration, output, hangups).run()
    }

    /// The longest wait at the end for the reader of the log.
    private static let logTime: Duration = .seconds(2)

    /// Reads the configuration, or exits with EX_CONFIG (sysexits.h), as PHP-FPM does. The service manager does not restart the program then.
    private func readConfiguration() throws -> ServiceConfiguration {
        do {
            return try ServiceConfiguration(.present())
        } catch {
            Terminal.tell(KreaFCGI.fullMessage(for: error))
            throw ExitCode(EX_CONFIG)
        }
    }
}
