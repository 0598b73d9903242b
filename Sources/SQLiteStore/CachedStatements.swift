import GRDB

extension Database {
    /// Runs one statement, which is compiled the first time only.
    func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

extension Row {
    static func all(_ database: Database, _ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [Row] {
        try fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
    }

    static func first(_ database: Database, _ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Row? {
        try fetchOne(database.cachedStatement(sql: sql), arguments: arguments)
    }
}

extension DatabaseValueConvertible where Self: StatementColumnConvertible {
    static func all(_ database: Database, _ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [Self] {
        try fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
    }

    static func first(_ database: Database, _ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Self? {
        try fetchOne(database.cachedStatement(sql: sql), arguments: arguments)
    }
}
