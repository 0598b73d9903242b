import GRDB
public import Jobs

/// The catalogue in the store; see `JobStore`.
extension SQLiteStore {
    /// Krea's routes, as far as is known.
    public func catalogue() throws -> Catalogue {
        try read { try Catalogue($0) }
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
            try Catalogue(database).after(outcome, at: now).update(database)
        }
    }
}

/// The one row of the table `catalogue`; without it the built-in catalogue holds.
extension Catalogue {
    init(_ database: Database) throws {
        let content = try String.fetchOne(database, sql: "SELECT content FROM catalogue")
        self = try content.map(JSONColumn.decode) ?? .builtIn
    }

    func update(_ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO catalogue (only, content) VALUES (1, ?)", arguments: [try JSONColumn.encode(self)])
    }
}
