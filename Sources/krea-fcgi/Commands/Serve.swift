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
            Answers the web server and brings jobs to Krea, until SIGTERM, SIGINT or SIGQUIT. SIGHUP reads the configuration again.
            """)

    func run() async throws {
        // Prompts are in the store's files, which only the service's own user may read.
        umask(0o077)
        // Else each thread has a heap of its own, and keeps in it what it once needed.
        mallopt(M_ARENA_MAX, 2)
        // Before the configuration is read, so that no wish to read it again is lost, and none ends the program.
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

    /// How long the end waits for the reader of the log.
    private static let logTime: Duration = .seconds(2)

    /// Ends the program where a setting is wrong: with the status that PHP-FPM has for that (EX_CONFIG, sysexits.h), so that nobody starts it
    /// again and again for nothing.
    private func readConfiguration() throws -> ServiceConfiguration {
        do {
            return try ServiceConfiguration(.present())
        } catch {
            Terminal.tell(KreaFCGI.fullMessage(for: error))
            throw ExitCode(EX_CONFIG)
        }
    }
}
