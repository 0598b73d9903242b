public import Jobs
import Synchronization

/// The catalogue in the store; see `RequestStore`.
extension SQLiteStore {
    /// Krea's routes, as far as is known.
    public func catalogue() throws -> Catalogue {
        try read { try catalogue($0) }
    }

    /// The one row of the table `catalogue`; without it the built-in catalogue holds. Decoded once for each edition:
    /// 17 million instructions for 40 routes, where asking for the edition takes 10,000.
    func catalogue(_ database: Database) throws -> Catalogue {
        guard let edition = try Int64.first(database, "SELECT edition FROM catalogue") else { return .builtIn }
        if let known = knownCatalogue.withLock({ $0 }), known.edition == edition { return known.catalogue }
        let content = try String.first(database, "SELECT content FROM catalogue")
        let catalogue: Catalogue = try content.map(JSONColumn.decode) ?? .builtIn
        knownCatalogue.withLock { $0 = (edition, catalogue) }
        return catalogue
    }
}

extension Catalogue {
    /// Writes the row, as another edition than all before.
    func update(_ database: Database) throws {
        try database.run("INSERT OR REPLACE INTO catalogue (only, edition, content) VALUES (1, random(), ?)", [try JSONColumn.encode(self)])
    }
}
