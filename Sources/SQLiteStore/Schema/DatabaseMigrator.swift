/// Brings the tables of a file up to date, by steps that are taken once each.
struct DatabaseMigrator {
    private var steps: [(identifier: String, migrate: (Database) throws -> Void)] = []

    /// Adds a step, behind all others.
    mutating func registerMigration(_ identifier: String, migrate: @escaping (Database) throws -> Void) {
        steps.append((identifier, migrate))
    }

    /// Takes the steps that have not been taken, all in one transaction.
    ///
    /// Foreign keys are checked at its end only, so that a step can make a table anew.
    func migrate(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { database in
            guard try !isUpToDate(database) else { return }
            try database.execute(sql: "PRAGMA foreign_keys = OFF")
            defer { try? database.execute(sql: "PRAGMA foreign_keys = ON") }
            try database.transaction("IMMEDIATE") {
                try database.run("CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
                let applied = try appliedIdentifiers(database)
                for step in steps where !applied.contains(step.identifier) {
                    try step.migrate(database)
                    try database.run("INSERT INTO grdb_migrations VALUES (?)", [step.identifier])
                }
                guard try database.first("PRAGMA foreign_key_check", [], { _ in true }) == nil else {
                    throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "rows belong to rows that are not there")
                }
            }
        }
    }

    /// The steps that have been taken, those of newer versions too. The table has the name that it had when GRDB kept it.
    func appliedIdentifiers(_ database: Database) throws -> Set<String> {
        guard try database.tableExists("grdb_migrations") else { return [] }
        return Set(try String.all(database, "SELECT identifier FROM grdb_migrations"))
    }

    /// Whether a newer version has taken steps that are not known here.
    func hasBeenSuperseded(_ database: Database) throws -> Bool {
        try !appliedIdentifiers(database).isSubset(of: steps.map(\.identifier))
    }

    private func isUpToDate(_ database: Database) throws -> Bool {
        try appliedIdentifiers(database).isSuperset(of: steps.map(\.identifier))
    }
}
