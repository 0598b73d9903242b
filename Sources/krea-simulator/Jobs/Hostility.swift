import HTTPTypes

/// Makes hostile answers: any bytes, JSON or header, nested, huge or endless. The same seed and turn give the same answer.
struct Hostility: Sendable {
    private var generator: SplitMix64

    init(seed: Int, turn: Int) {
        generator = SplitMix64(seed: UInt64(truncatingIfNeeded: seed &* 1_000_003 &+ turn))
    }

    /// A hostile form of a reaction. Mostly it changes a few places in the JSON, so that the answer looks nearly right.
    mutating func spoil(_ reaction: Reaction) -> Reaction {
        var spoilt = reaction
        switch number(in: 0..<16) {
        case 0: spoilt.body = (0..<number(in: 0..<4096)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        case 1: spoilt.body = Array(String(repeating: "[", count: 200_000).utf8)
        case 2: spoilt.body = Array((String(repeating: #"{"a":"#, count: 500) + "1" + String(repeating: "}", count: 500)).utf8)
        case 3: spoilt.body = Array(("[" + String(repeating: "[],", count: 300_000) + "0]").utf8)
        case 4: spoilt.body = [UInt8](repeating: UInt8(ascii: " "), count: 2 << 20)
        case 5: spoilt.delivery = .endless
        case 6: spoilt.response.status = .init(code: pick([200, 202, 204, 301, 304, 400, 402, 403, 404, 410, 418, 422, 500, 599]))
        case 7: spoilt.delivery = pick([.cut, .truncated, .dripping(bytes: 1, every: 500), .held(after: 1)])
        case 8: spoilt.body = Array(pick(Self.texts).utf8)
        default:
            guard let json = try? JSON(reaction.body) else { break }
            spoilt.body = changed(json).bytes
        }
        if number(in: 0..<3) == 0 { addFields(to: &spoilt.response) }
        return spoilt
    }

    private mutating func changed(_ value: JSON) -> JSON {
        if number(in: 0..<8) == 0 { return anything() }
        switch value {
        case .object(var members):
            for name in members.keys.sorted() { members[name] = number(in: 0..<12) == 0 ? nil : members[name].map { changed($0) } }
            if number(in: 0..<4) == 0 { members[pick(Self.names)] = anything() }
            return .object(members)
        case .array(let items):
            if number(in: 0..<12) == 0, let first = items.first { return .array(Array(repeating: first, count: 3000)) }
            return .array(items.map { changed($0) })
        case .null, .bool, .number, .string:
            return value
        }
    }

    private mutating func anything() -> JSON {
        switch number(in: 0..<8) {
        case 0: .null
        case 1: .bool(true)
        case 2, 3: .number(pick(Self.numbers))
        case 4, 5, 6: .string(pick(Self.strings))
        default: number(in: 0..<2) == 0 ? .array([anything(), anything()]) : .object([pick(Self.names): anything()])
        }
    }

    private mutating func addFields(to response: inout HTTPResponse) {
        switch number(in: 0..<5) {
        case 0: response.headerFields[.retryAfter] = pick(Self.waits)
        case 1: response.headerFields[.date] = pick(Self.dates)
        case 2: for number in 0..<300 { response.headerFields.append(HTTPField(name: HTTPField.Name("X-\(number)")!, value: "y")) }
        case 3: response.headerFields[HTTPField.Name("X-Long")!] = String(repeating: "z", count: 60_000)
        default:
            response.status = .tooManyRequests
            response.headerFields[.retryAfter] = pick(Self.waits)
        }
    }

    private mutating func number(in range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

    private mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[number(in: 0..<choices.count)] }

    private static let names = [
        "job_id", "status", "created_at", "result", "urls", "url", "error", "message", "detail", "items", "next_cursor", "paths", "code",
        "",
    ]
    private static let numbers = [
        0, -1, 0.5, 7, 40, 1e9, 4_102_444_800, 9.3e18, -9.3e18, 1e19, 1e300, -1e300, 1e-300, 1_795_882_200, 1_795_882_200_000,
    ]
    private static let strings = [
        "", "completed", "failed", "cancelled", "queued", "nsfw", ".", "..", "../../etc/passwd", "a\r\nX-Evil: 1", "\u{0}", "\u{202E}",
        "<script>alert(1)</script>", "2026-11-28 16:10:00", "9999-12-31T23:59:59Z", "-1", "1e400", "9223372036854775808",
        "https://gen.krea.ai/images/a.png", "https://example.com/a.png", "javascript:alert(1)", "//example.com",
        String(repeating: "x", count: 900_000), "a" + String(repeating: "\u{301}", count: 100_000), String(repeating: "é", count: 3000),
    ]
    private static let waits = [
        "0", "-1", "1764000000000", "9223372036854775807", "9223372036854775808", String(repeating: "9", count: 5000), "1e9", "soon",
        "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 99999999999999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT",
    ]
    private static let dates = waits + ["Sun, 06 Nov 2044 08:49:37 GMT", "Sat, 28 Nov 2026 16:10:00 GMT", ""]
    private static let texts = [
        "", " ", "null", "true", "0", "-0", "1e400", "\"\"", "[]", "{}", "{", "[1,]", #"{"a":1,}"#, #"{"a":1,"a":2}"#,
        #"{"job_id":"\ud800"}"#,
        "\u{FEFF}{}", "{\u{0}\"\u{0}a\u{0}\"\u{0}:\u{0}1\u{0}}\u{0}", "<html>no</html>", "error code: 1010",
        #"{"items":[],"next_cursor":7}"#,
        #"{"items":{},"next_cursor":null}"#, #"{"items":[1,null,{},[]],"next_cursor":null}"#,
        #"{"paths":{"/generate/image/":{"post":{}}}}"#,
    ]
}
