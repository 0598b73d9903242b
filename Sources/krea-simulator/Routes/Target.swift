import FoundationEssentials

/// A parsed request target: the path, its segments and the query, all decoded.
struct Target: Sendable, Equatable {
    var path: String
    var segments: [String]
    var query: [String: String]

    init(_ text: String) {
        let components = URLComponents(string: text)
        path = components?.path ?? ""
        segments = path.split(separator: "/").map(String.init)
        query = Dictionary((components?.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { $1 }
    }
}
