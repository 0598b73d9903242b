import FoundationEssentials
import SQLiteStore

extension ServiceConfiguration {
    /// Opens the store for a service, made if it is not there. One that cannot be written is of no use to it, and would stay so while it is open.
    ///
    /// - Throws: ``StoreNotOpened``
    func openWritableStore() throws -> SQLiteStore {
        let store = try openStore()
        guard !store.isReadOnly else {
            throw StoreNotOpened(description: "\(Settings.store.variable) \"\(storePath)\" cannot be written, only read.")
        }
        return store
    }

    /// Opens the store, which is made if it is not there.
    ///
    /// - Throws: ``StoreNotOpened``
    ///
    /// - Parameter path: Where it is for this process now, if that is not what the setting says.
    func openStore(at path: String? = nil) throws -> SQLiteStore {
        do {
            return try SQLiteStore(path: path ?? storePath, rules: rules, limits: limits)
        } catch {
            throw StoreNotOpened(description: "\(Settings.store.variable) \"\(storePath)\" cannot be opened: \(error)")
        }
    }

    /// Opens the store for a command that has nothing to do in an unused one. Never makes a store.
    ///
    /// - Parameter goesOutside: Whether the command needs more than the store afterwards. Else root becomes the store's owner; see
    ///   ``FolderOwner``.
    /// - Throws: ``StoreNotOpened``, ``UntrustedFolder``.
    func openExistingStore(goesOutside: Bool = false) throws -> SQLiteStore {
        guard FileManager.default.fileExists(atPath: storePath) else {
            throw StoreNotOpened(
                description: "\(Settings.store.variable) \"\(storePath)\" is not there: nothing was read and nothing made.")
        }
        return try openStore(at: goesOutside ? storePath : FolderOwner.enter(folderOf: storePath))
    }
}

/// The store's file cannot be used: one sentence for the operator.
struct StoreNotOpened: Error, CustomStringConvertible {
    let description: String
}
