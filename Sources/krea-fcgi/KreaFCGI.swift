// The executable: reads the configuration, wires the modules together, and offers the commands. It must not decide anything else.
//
// A new command is a file in `Commands/` and an entry below; a new setting is a value in `Settings` and a line in `ServiceConfiguration`; a new
// background service is a file in `Running/` and a line in `Service.run`.

import ArgumentParser
import FastCGI

/// The command line.
@main
struct KreaFCGI: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "krea-fcgi",
        abstract: "Offers Krea.ai image generation behind a web server, over FastCGI.",
        discussion: "Settings come from environment variables and a file. check-config shows them, sample-config explains them.",
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
        // Before any thread starts, because only one place handles signals.
        Signals.prepareProcess()
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch {
            Terminal.exit(after: error)
        }
    }
}
