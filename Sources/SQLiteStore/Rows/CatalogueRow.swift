public import Jobs
import Synchronization

/// The catalogue in the store; see `JobStore`.
extension SQLiteStore {
    /// Krea's routes, as far as is known.
    public func catalogue() throws -> Catalogue {
        try read { try catalogue($0) }
    }

    /// Takes the right to ask once for Krea's routes.
    public func claimCatalogue(by epoch: Int, at now: Timestamp) throws -> (call: Call?, next: Timestamp?) {
        try write { database in
            try Self.check(epoch, database)
            var pace = try Pace(database)
            guard let moment = pace.callAllowedAt(pace.nextCatalogueAt) else { return (nil, nil) }
            guard now >= moment else { return (nil, moment) }
            pace.claimCatalogue(at: now, rules: rules)
            try pace.update(database)
            return (try Call.insert(.catalogue, epoch: epoch, job: .none, at: now, database), nil)
        }
    }

    /// Records how a claimed look at Krea's routes ended.
    public func recordCatalogue(_ outcome: CatalogueOutcome, for call: Call, at now: Timestamp) throws {
        try change { database in
            try Self.check(call.epoch, database)
            try call.complete(outcome.word, at: now, database)
            var pace = try Pace(database)
            pace.recordCatalogue(outcome, at: now, rules: rules)
            try pace.update(database)
            try catalogue(database).after(outcome, at: now).update(database)
        }
    }
}

extension SQLiteStore {
    /// The one row of the table `catalogue`; without it the built-in catalogue holds. Decoding takes milliseconds, so it is done once an edition.
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
