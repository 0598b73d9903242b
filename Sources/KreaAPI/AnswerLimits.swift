import Jobs

/// How much is taken of what Krea says, whatever it says: the one place for these numbers. The size of an answer is
/// ``TransportError/answerLimit``.
enum AnswerLimits {
    /// How deep an answer may be nested. Krea's document of its routes has 17 levels.
    static let depth = 32
    /// How many values an answer may have. Krea's document has 11,000, a list of 1000 jobs about as many.
    static let values = 50_000
    /// Code points of words for people.
    static let words = 500
    /// Code points of a status word; Krea's longest has 21.
    static let status = 40
    /// Bytes of an ID; Krea's are UUIDs.
    static let id = 128
    /// How many jobs a page may have; Krea gives at most 1000.
    static let listed = 2000
    /// Bytes of a cursor; Krea's are times.
    static let cursor = 512
    /// Bytes of the address of a picture.
    static let address = 2048
    /// How many addresses are looked at.
    static let addresses = Submission.mostAddresses
    /// How many codes and sentences of an error are looked at.
    static let reasons = 50
    /// How many routes are taken from Krea's document, and how many choices and prices of each.
    static let routes = 500
    /// Bytes of names, paths and choices in Krea's document.
    static let name = 200
    /// The largest bound in Krea's document that is believed.
    static let number = 1e9
    /// The highest price in Krea's document that is believed, in US dollars.
    static let price = 100_000.0
    /// How many conditions a price may have.
    static let dimensions = 20
}

extension JSONValue {
    /// Reads an answer; nil when it is no JSON in UTF-8, or more of it than ``AnswerLimits`` allow.
    init?(answer body: [UInt8]) {
        guard
            let value = try? JSONReader.value(
                of: body, maximumDepth: AnswerLimits.depth, maximumValues: AnswerLimits.values, mayRepeatMembers: true)
        else { return nil }
        self = value
    }

    /// An ID of Krea's; nil for what can be none. Only what has no meaning in a path is taken.
    var kreaID: String? {
        guard let text, (1...AnswerLimits.id).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            text.utf8.contains(where: { $0 != UInt8(ascii: ".") })
        else { return nil }
        return text
    }

    /// A status word: of a longer text the beginning, with `?` in the place of what no word has.
    var status: String? {
        guard let text, !text.isEmpty else { return nil }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(AnswerLimits.status).map { ("!"..."~").contains($0) ? $0 : "?" }))
    }

    /// A name in Krea's document; nil where it is longer than any.
    var name: String? { text.flatMap { $0.utf8.count <= AnswerLimits.name ? $0 : nil } }

    /// A value that a route takes when nothing is given: nothing but a short text, a number or a truth value.
    var fallback: JSONValue? {
        switch self {
        case .string: name.map { .string($0) }
        case .number: bound.map { .number($0) }
        case .bool: self
        case .null, .array, .object: nil
        }
    }

    /// A number in Krea's document; nil where it is larger than any.
    var bound: Double? { number.flatMap { abs($0) <= AnswerLimits.number ? $0 : nil } }
}
