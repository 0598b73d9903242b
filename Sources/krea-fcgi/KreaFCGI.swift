// The executable: reads the configuration, puts the modules together, and offers the commands. It decides nothing else.

import ArgumentParser
import FastCGI

/// The command line.
@main
struct KreaFCGI: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "krea-fcgi",
        abstract: "Offers Krea.ai image generation behind a web server, over FastCGI.",
        discussion: "The configuration comes from environment variables and a file; check-config shows it, sample-config has it all.",
        version: "krea-fcgi \(version)",
        subcommands: [
            Serve.self, CheckConfig.self, SampleConfig.self, ListJobs.self, ListModels.self, AuditLedger.self, PauseQueue.self,
            ContinueQueue.self, BackupStore.self, RestoreStore.self, Sign.self,
        ],
        defaultSubcommand: Serve.self
    )

    static func main() async {
        // Before any secret is read.
        CoreDump.prevent()
        // Before anything can have started a thread: signals are taken in one place only.
        Signals.prepareProcess()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch {
            Terminal.exit(after: error)
        }
    }
}
