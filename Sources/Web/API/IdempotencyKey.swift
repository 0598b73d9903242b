import Jobs

/// The key by which a repeated request is recognised: a program's `Idempotency-Key`, or a form's hidden token.
///
/// Its scope keeps clients apart. A known caller's keys are its own, from any address. An unknown caller's key is global if it cannot be
/// guessed, so that a phone that changes networks does not pay twice; any other key belongs to the address it came from.
struct IdempotencyKey {
    /// The key as the store knows it. Its parts are separated by spaces, which no value has.
    let text: String

    /// A program's key (draft-ietf-httpapi-idempotency-key-header-06, section 2).
    ///
    /// The draft wants a string in quotes. Most programs omit them, so the value is taken as it is.
    /// - Throws: ``Refusal`` if it is not 1 to 255 visible ASCII characters.
    init(_ value: String, of caller: Caller) throws(Refusal) {
        guard (1...255).contains(value.utf8.count), value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Refusal(.badParameter(.idempotencyKey))
        }
        text = "api:\(value)\(Self.scope(of: value, caller))"
    }

    /// A form's key. A double click sends the same; a form that was changed after sending has another.
    init(form token: JobID, hash: String, of caller: Caller) {
        text = "form:\(token):\(hash)\(Self.scope(of: token.description, caller))"
    }

    private static func scope(of value: String, _ caller: Caller) -> String {
        caller.isKnown || !isUnguessable(value) ? " \(caller.client.key)" : ""
    }

    /// Whether a value is long and random enough to be unique. It is if it
    ///
    /// - contains a UUID of version 1, 4, 6 or 7 (RFC 9562), not one that is derived from a name,
    /// - contains 32 or more hexadecimal digits in a row, that is 128 bits, with at least one letter and 8 different digits,
    /// - is base64 or base64url of 21 or more characters, that is 126 bits, perhaps in quotes. Capitals, small letters and others must all
    ///   occur and alternate at least every third character on average; one random key in a hundred does not.
    static func isUnguessable(_ value: String) -> Bool {
        let bytes = Array(value.utf8)
        return hasRandomUUID(bytes) || hasRandomHex(bytes) || isRandomBase64(bytes)
    }

    private static func hasRandomUUID(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 36 else { return false }
        return (0...(bytes.count - 36)).contains { start in
            let digits = bytes[start..<(start + 36)]
            return "1467".utf8.contains(digits[start + 14]) && "89abAB".utf8.contains(digits[start + 19])
                && JobID(String(decoding: digits, as: UTF8.self)) != nil
        }
    }

    private static func hasRandomHex(_ bytes: [UInt8]) -> Bool {
        bytes.split { !isHexDigit($0) }.contains { digits in
            digits.count >= 32 && digits.contains { $0 > UInt8(ascii: "9") } && Set(digits.map { $0 | 0x20 }).count >= 8
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isRandomBase64(_ bytes: [UInt8]) -> Bool {
        var text = bytes[...]
        if text.count > 1, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") { text = text.dropFirst().dropLast() }
        while text.last == UInt8(ascii: "=") { text.removeLast() }
        let kinds = text.map(kind)
        guard kinds.count >= 21, Set(kinds) == [0, 1, 2] else { return false }
        let changes = zip(kinds, kinds.dropFirst()).count { $0 != $1 }
        return changes * 3 >= kinds.count - 1
    }

    private static func kind(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): 0
        case UInt8(ascii: "a")...UInt8(ascii: "z"): 1
        case UInt8(ascii: "0")...UInt8(ascii: "9"): 2
        case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"): 2
        default: nil
        }
    }
}
