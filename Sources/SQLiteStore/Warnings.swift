import Jobs

/// Warnings as a column has them. Earlier versions wrote plain sentences.
struct Warnings {
    let list: [Warning]

    init(_ column: String) throws {
        do {
            list = try JSONColumn.decode(column)
        } catch {
            let sentences: [String] = try JSONColumn.decode(column)
            list = sentences.map(Warning.other)
        }
    }
}
