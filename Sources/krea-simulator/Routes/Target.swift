import FoundationEssentials

/// A request target taken apart: the segments of its path and its query, both decoded.
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
