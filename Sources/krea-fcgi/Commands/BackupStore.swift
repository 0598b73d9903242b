import ArgumentParser
import FoundationEssentials
import SQLiteStore

/// Copies the store to one file.
struct BackupStore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Writes a consistent copy of the store to a new file that only its owner can read.",
        discussion: "The service may be running. The backup does not include copies of pictures.")

    @Argument(help: "The file; it must not exist yet.")
    var file: String

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        guard FileManager.default.fileExists(atPath: configuration.storePath) else {
            throw StoreNotOpened(
                description: "\(Settings.store.variable) \"\(configuration.storePath)\" does not exist: there is nothing to back up.")
        }
        let backup = try StoreBackup(of: configuration.storePath)
        let target = file.hasPrefix("/") ? file : "\(FileManager.default.currentDirectoryPath)/\(file)"
        try backup.make(at: try FolderOwner.enter(folderOf: target), now: WallClock.now())
        Terminal.say("\(file) has the whole store.")
    }
}
