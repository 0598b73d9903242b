import ArgumentParser
import SQLiteStore

/// Puts a backup in the place of the store.
struct RestoreStore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Puts a backup in the place of the store, which is kept under a dated name.",
        discussion: """
            Refused while a service runs. Jobs that were not sent when the backup was made may have been since: they fail, so that nothing is \
            paid twice, and nothing is sent until krea-fcgi continue.
            """)

    @Argument(help: "What krea-fcgi backup has written.")
    var file: String

    @Flag(help: "No service has run since the backup was made, as when a store moves: its jobs wait on, and nothing is paused.")
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
            Terminal.say("Nobody can tell whether these were sent since, so they have failed and are not sent again:")
            for id in report.ended { Terminal.say("  \(id)") }
        }
        Terminal.say("Nothing is sent to Krea until krea-fcgi continue. What was accepted since the backup is not known any more.")
    }
}
