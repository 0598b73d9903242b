import GRDB
import Jobs

/// Reads the columns of a row from left to right: a look for each by its name would take longer than the query.
///
/// What reads them has to name them in the query, in the same order.
struct RowReader {
    let row: Row
    private var index: Int

    /// - Parameter index: Of the first column to be read.
    init(_ row: Row, from index: Int = 0) {
        self.row = row
        self.index = index
    }

    /// The next column. A value of another kind is an error of the program.
    mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>() -> Value {
        defer { index += 1 }
        return row[index]
    }

    /// The next column; nil where it is NULL.
    mutating func optional<Value: DatabaseValueConvertible & StatementColumnConvertible>() -> Value? {
        defer { index += 1 }
        return row[index]
    }

    /// The next column, a time; nil where it is NULL.
    mutating func time() -> Timestamp? {
        Timestamp(column: optional())
    }

    /// The next column, a time that is always there.
    mutating func knownTime() -> Timestamp {
        Timestamp(milliseconds: next())
    }
}
