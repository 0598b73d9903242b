import Jobs

/// The name of a request, under which a repeat is found: what a program sends as `Idempotency-Key`, or the hidden key of a form.
///
/// Whose name it is decides who else may have the same. Where it is known who asks, it is that key's owner or that user, wherever they are.
/// Else a name that cannot be guessed is one of its own: a phone that goes from one network to another repeats its request, and does not
/// pay twice. Every other name belongs to the address that it came from.
struct IdempotencyKey {
    /// As the store knows it. The parts are separated by spaces, which no name has.
    let text: String

    /// The name that a program gave its request (draft-ietf-httpapi-idempotency-key-header-06, section 2).
    ///
    /// The draft wants a string in quotes. Most programs leave the quotes away, so the value is taken as it comes.
    /// - Throws: ``Refusal`` when it is not 1 to 255 visible ASCII characters.
    init(_ value: String, of caller: Caller) throws(Refusal) {
        guard (1...255).contains(value.utf8.count), value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badParameter("Idempotency-Key", "Idempotency-Key must have 1 to 255 visible ASCII characters.")
        }
        text = "api:\(value)\(Self.scope(of: value, caller))"
    }

    /// The name of a form with what was typed into it: a double click has the same, a form that was changed after it was sent another.
    init(form token: JobID, hash: String, of caller: Caller) {
        text = "form:\(token):\(hash)\(Self.scope(of: token.description, caller))"
    }

    private static func scope(of value: String, _ caller: Caller) -> String {
        caller.isKnown || !isUnguessable(value) ? " \(caller.client.key)" : ""
    }

    /// Whether a name is long enough, and looks random enough, to be given only once in the world. It is when it
    ///
    /// - contains a UUID of random bits or of a time and a place: version 1, 4, 6 or 7, and not one that is made of a name (RFC 9562),
    /// - contains 32 or more hexadecimal digits in a row, that is 128 bits: with a letter among them and at least 8 different ones,
    /// - is, perhaps in quotes, base64 or base64url of 21 or more characters, that is 126 bits: with capitals, small letters and others, of
    ///   which one kind gives way to another at every third character or more often. One random key in a hundred has no such mixture.
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
