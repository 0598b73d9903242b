import CSQLite

/// A value that a column can hold.
enum ColumnValue: Hashable {
    case null
    case integer(Int64)
    case text(String)

    init(_ value: (any ColumnConvertible)?) {
        self = value?.column ?? .null
    }

    /// Binds it to the parameter with this number, counted from 1.
    func bind(to statement: OpaquePointer, at index: Int32) {
        switch self {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .text(var text):
            text.withUTF8 { bytes in
                // SQLite takes a copy. An empty text may have no address, and is no NULL.
                let start = UnsafeRawPointer(bytes.baseAddress ?? ("" as StaticString).utf8Start)
                _ = sqlite3_bind_text(
                    statement, index, start.assumingMemoryBound(to: CChar.self), Int32(bytes.count), Self.transient)
            }
        }
    }

    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

/// A type whose values a column can hold.
protocol ColumnConvertible {
    var column: ColumnValue { get }

    /// The value of a column that is not NULL. SQLite converts one of another kind (sqlite.org/c3ref/column_blob.html).
    static func read(_ statement: OpaquePointer, at index: Int32) -> Self
}

extension Int64: ColumnConvertible {
    var column: ColumnValue { .integer(self) }
    static func read(_ statement: OpaquePointer, at index: Int32) -> Int64 { sqlite3_column_int64(statement, index) }
}

extension Int: ColumnConvertible {
    var column: ColumnValue { .integer(Int64(self)) }
    static func read(_ statement: OpaquePointer, at index: Int32) -> Int { Int(sqlite3_column_int64(statement, index)) }
}

extension Bool: ColumnConvertible {
    var column: ColumnValue { .integer(self ? 1 : 0) }
    static func read(_ statement: OpaquePointer, at index: Int32) -> Bool { sqlite3_column_int64(statement, index) != 0 }
}

extension String: ColumnConvertible {
    var column: ColumnValue { .text(self) }
    static func read(_ statement: OpaquePointer, at index: Int32) -> String {
        guard let start = sqlite3_column_text(statement, index) else { return "" }
        // After the text: only then is it the length in UTF-8.
        let count = Int(sqlite3_column_bytes(statement, index))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
