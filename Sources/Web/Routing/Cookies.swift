import HTTPTypes

/// The cookies of a request (RFC 6265, section 4.2).
struct Cookies {
    private let values: [String: String]

    init(of request: HTTPRequest) {
        let pairs = request.headerFields[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair -> (String, String)? in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return sides.count == 2 ? (sides[0].trimmingSpaces, sides[1].trimmingSpaces) : nil
        }
        values = Dictionary(pairs) { first, _ in first }
    }

    /// The value of a cookie; nil if it is absent.
    subscript(name: String) -> String? { values[name] }
}
