import Jobs

/// Warnings as a column has them. Earlier versions wrote plain sentences.
struct Warnings {
    let list: [Warning]

    init(_ column: String) throws {
        do {
            list = try JSONColumn.decodeList(column)
        } catch {
            let sentences: [String] = try JSONColumn.decodeList(column)
            list = sentences.map(Warning.other)
        }
    }
}
