import Jobs

/// The bounds on everything read from Krea. ``TransportError/answerLimit`` bounds the size of an answer.
enum AnswerLimits {
    /// The deepest nesting. Krea's document of its routes has 17 levels.
    static let depth = 32
    /// The most values in an answer. Krea's document has 11,000, a list of 1000 jobs about as many.
    static let values = 50_000
    /// Code points of a message for people.
    static let words = 500
    /// Code points of a status word; Krea's longest has 21.
    static let status = 40
    /// Bytes of an ID; Krea's are UUIDs.
    static let id = 128
    /// Jobs on a page; Krea gives at most 1000.
    static let listed = 2000
    /// Bytes of a cursor; Krea's are times.
    static let cursor = 512
    /// Bytes of a picture's address.
    static let address = 2048
    /// Addresses that are read.
    static let addresses = Submission.mostAddresses
    /// Codes and sentences of an error that are read.
    static let reasons = 50
    /// Routes that are read from Krea's document, and choices and prices of each.
    static let routes = 500
    /// Bytes of names, paths and choices in Krea's document.
    static let name = 200
    /// The largest credible bound in Krea's document.
    static let number = 1e9
    /// The highest credible price in Krea's document, in US dollars.
    static let price = 100_000.0
    /// Conditions of a price.
    static let dimensions = 20
}

extension JSONValue {
    /// Reads an answer; nil if it is no JSON in UTF-8, or exceeds ``AnswerLimits``.
    init?(answer body: [UInt8]) {
        guard
            let value = try? JSONReader.value(
                of: body, maximumDepth: AnswerLimits.depth, maximumValues: AnswerLimits.values, mayRepeatMembers: true)
        else { return nil }
        self = value
    }

    /// An ID from Krea; nil if it is none, or if it would mean something else in a path.
    var kreaID: String? {
        guard let text, (1...AnswerLimits.id).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            text.utf8.contains(where: { $0 != UInt8(ascii: ".") })
        else { return nil }
        return text
    }

    /// A status word, cut to its limit, with `?` in place of unprintable characters.
    var status: String? {
        guard let text, !text.isEmpty else { return nil }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(AnswerLimits.status).map { ("!"..."~").contains($0) ? $0 : "?" }))
    }

    /// A name in Krea's document; nil if it is too long.
    var name: String? { text.flatMap { $0.utf8.count <= AnswerLimits.name ? $0 : nil } }

    /// A route's default value: a short text, a number or a Boolean; nil for anything else.
    var fallback: JSONValue? {
        switch self {
        case .string: name.map { .string($0) }
        case .number: bound.map { .number($0) }
        case .bool: self
        case .null, .array, .object: nil
        }
    }

    /// A number in Krea's document; nil if it is too large.
    var bound: Double? { number.flatMap { abs($0) <= AnswerLimits.number ? $0 : nil } }
}
