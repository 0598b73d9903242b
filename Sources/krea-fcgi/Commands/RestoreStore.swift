import ArgumentParser
import SQLiteStore

/// Replaces the store with a backup.
struct RestoreStore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Replaces the store with a backup, and keeps the old one under a dated name.",
        discussion: """
            Refused while a service runs. Jobs that were unsent at the time of the backup may have been sent since. They fail, so that \
            nothing is paid for twice, and nothing is sent until krea-fcgi continue.
            """)

    @Argument(help: "A file from krea-fcgi backup.")
    var file: String

    @Flag(help: "No service has run since the backup, as when a store moves: its jobs keep waiting, and nothing is paused.")
    var nothingSentSince = false

    private static let words = "the service was restored from a backup, and the operator has to look at it first"

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        let source = try StoreSource(file)
        let path = try FolderOwner.enter(folderOf: configuration.storePath)
        let restoration = StoreRestoration(of: path, from: source, rules: configuration.rules, pausedBecause: Self.words)
        let report = try restoration.run(at: WallClock.now(), isUnchanged: nothingSentSince)
        Terminal.say("\(configuration.storePath) has the \(report.jobs) jobs of \(file).")
        if let former = report.former {
            Terminal.say("The former store is kept as \(configuration.storePath)\(former.dropFirst(path.count)).")
        }
        guard !nothingSentSince else { return }
        if !report.ended.isEmpty {
            Terminal.say("It is unknown whether these were sent since then, so they have failed and are not sent again:")
            for id in report.ended { Terminal.say("  \(id)") }
        }
        Terminal.say("Nothing is sent to Krea until krea-fcgi continue. What was accepted since the backup is not known any more.")
    }
}
