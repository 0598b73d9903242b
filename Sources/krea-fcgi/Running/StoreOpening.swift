import FoundationEssentials
import SQLiteStore

extension ServiceConfiguration {
    /// Opens the store for the service, and makes it if needed. A read-only store is refused, because it would stay read-only while open.
    ///
    /// - Throws: ``StoreNotOpened``
    func openWritableStore() throws -> SQLiteStore {
        let store = try openStore()
        guard !store.isReadOnly else {
            throw StoreNotOpened(description: "\(Settings.store.variable) \"\(storePath)\" cannot be written, only read.")
        }
        return store
    }

    /// Opens the store, and makes it if needed.
    ///
    /// - Parameter path: The store's path for this process, if it differs from the setting.
    /// - Throws: ``StoreNotOpened``
    func openStore(at path: String? = nil) throws -> SQLiteStore {
        do {
            return try SQLiteStore(path: path ?? storePath, rules: rules, limits: limits)
        } catch {
            throw StoreNotOpened(description: "\(Settings.store.variable) \"\(storePath)\" cannot be opened: \(error)")
        }
    }

    /// Opens an existing store for a command. Never makes one.
    ///
    /// - Parameter goesOutside: Whether the command needs files outside the store's folder afterwards. If not, root becomes the store's owner;
    ///   see ``FolderOwner``.
    /// - Throws: ``StoreNotOpened``, ``UntrustedFolder``.
    func openExistingStore(goesOutside: Bool = false) throws -> SQLiteStore {
        guard FileManager.default.fileExists(atPath: storePath) else {
            throw StoreNotOpened(
                description: "\(Settings.store.variable) \"\(storePath)\" does not exist: nothing was read and nothing made.")
        }
        return try openStore(at: goesOutside ? storePath : FolderOwner.enter(folderOf: storePath))
    }
}

/// A store that cannot be used. One sentence for the operator.
struct StoreNotOpened: Error, CustomStringConvertible {
    let description: String
}
