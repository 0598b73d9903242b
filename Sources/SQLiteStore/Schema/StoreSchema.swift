/// Says which files are stores, and makes the tables of a new one.
///
/// The first change of the tables after a release raises ``version``, and brings files of the version before up to date in ``prepare(_:_:)``.
enum StoreSchema {
    /// Marks a file as a store of krea-fcgi, whatever its version: "Krea" in ASCII, in the header of the file.
    private static let applicationID = 0x4B72_6561
    /// The version of the tables, in the header of the file.
    static let version = 1

    /// Makes the tables if the file is empty.
    ///
    /// - Throws: ``UnusableFile`` when the file is no store of this version.
    static func prepare(_ queue: DatabaseQueue, _ path: String) throws {
        try queue.writeWithoutTransaction { database in
            if try isEmpty(database) {
                try database.transaction("IMMEDIATE") {
                    // Another process may have made them meanwhile.
                    guard try isEmpty(database) else { return }
                    try database.execute(sql: tables)
                    try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
                }
            }
            try check(database, path)
        }
    }

    /// Throws ``UnusableFile`` when a file is no store of this version.
    static func check(_ database: Database, _ path: String) throws {
        guard try Int.first(database, "PRAGMA application_id") == applicationID else {
            throw UnusableFile(path, try problem(withForeign: database))
        }
        guard try Int.first(database, "PRAGMA user_version") == version else {
            throw UnusableFile(
                path, "was written by another version of krea-fcgi: use that version, or restore a backup that this version has made")
        }
    }

    /// The versions before the first release kept a list of migrations, and no mark.
    private static func problem(withForeign database: Database) throws -> String {
        try database.tableExists("grdb_migrations")
            ? "was written by a version of krea-fcgi before its first release and cannot be read: move it away, then a new store is made"
            : "is no store of krea-fcgi"
    }

    private static func isEmpty(_ database: Database) throws -> Bool {
        try Int.first(database, "SELECT count(*) FROM sqlite_schema") == 0
    }
}
