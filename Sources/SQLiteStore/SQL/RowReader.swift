import CSQLite
import Jobs

/// Reads the columns of a row from left to right.
///
/// The query names them in the order in which they are read. The row is there only while its query runs.
struct RowReader {
    private let statement: OpaquePointer
    private var index: Int32 = 0

    /// Reads the row at which a statement stands.
    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    /// The next column, which is not NULL.
    mutating func next<Value: ColumnConvertible>() -> Value {
        defer { index += 1 }
        return Value.read(statement, at: index)
    }

    /// The next column; nil where it is NULL.
    mutating func optional<Value: ColumnConvertible>() -> Value? {
        defer { index += 1 }
        return sqlite3_column_type(statement, index) == SQLITE_NULL ? nil : Value.read(statement, at: index)
    }

    /// The next column, a time; nil where it is NULL.
    mutating func time() -> Timestamp? {
        (optional() as Int64?).map(Timestamp.init(milliseconds:))
    }

    /// The next column, a time that is always there.
    mutating func knownTime() -> Timestamp {
        Timestamp(milliseconds: next())
    }

    /// The next column, a count, brought between 0 and a billion.
    mutating func count() -> Int {
        min(max(next(), 0), 1_000_000_000)
    }

    /// The length in bytes of the column that comes after `columns` others.
    func size(after columns: Int) -> Int {
        Int(sqlite3_column_bytes(statement, index + Int32(columns)))
    }

    /// Skips columns that are known already.
    mutating func skip(_ columns: Int) {
        index += Int32(columns)
    }
}
