import ArgumentParser
import FoundationEssentials
import SQLiteStore

/// Copies the store to one file.
struct BackupStore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Writes the store, as it is at one moment, to a new file that only its owner can read.",
        discussion: "A service may be running. Copies of pictures are not in it.")

    @Argument(help: "The file; it must not be there yet.")
    var file: String

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        guard FileManager.default.fileExists(atPath: configuration.storePath) else {
            throw StoreNotOpened(
                description: "\(Settings.store.variable) \"\(configuration.storePath)\" is not there: there is nothing to back up.")
        }
        let backup = try StoreBackup(of: configuration.storePath)
        let target = file.hasPrefix("/") ? file : "\(FileManager.default.currentDirectoryPath)/\(file)"
        try backup.make(at: try FolderOwner.enter(folderOf: target), now: WallClock.now())
        Terminal.say("\(file) has the whole store.")
    }
}
