import Digests

/// The API keys of programs, as hashes.
///
/// Each line is `name:sha256-of-key`, with the hash in 64 hex digits. White space around a line, blank lines and lines that start with `#` are
/// ignored. Several keys may have one name, so that a key can be replaced without a gap.
struct KeyList: Equatable {
    private struct Entry: Equatable {
        let name: String
        let hash: [UInt8]
    }

    private let entries: [Entry]

    /// Reads the lines of a file. Throws ``InvalidKeyLine`` for the first wrong one.
    init(_ text: String) throws(InvalidKeyLine) {
        var entries: [Entry] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let sides = first.split(separator: ":", omittingEmptySubsequences: false)
            guard words.count == 1, sides.count == 2, let name = Self.name(sides[0]), let hash = Self.hash(sides[1]) else {
                throw InvalidKeyLine(
                    number: index + 1,
                    problem: "is not a name of 1 to 64 letters, digits, \".\", \"_\", \"-\" or \"@\", a colon "
                        + "and the SHA-256 of a key in 64 hex digits")
            }
            guard !areEqual(SHA256.hash([]), hash) else {
                throw InvalidKeyLine(number: index + 1, problem: "has the SHA-256 of nothing: what should have made the key has failed")
            }
            guard !entries.contains(where: { $0.hash == hash }) else {
                throw InvalidKeyLine(number: index + 1, problem: "has a key that stands above")
            }
            entries.append(Entry(name: name, hash: hash))
        }
        self.entries = entries
    }

    /// The name of a key; nil if the key is empty or not in the list.
    ///
    /// The time does not depend on the key: all hashes are compared, each in constant time.
    func name(of key: String) -> String? {
        guard !key.isEmpty else { return nil }
        let hash = SHA256.hash(key.utf8)
        var found: String?
        for entry in entries where areEqual(hash, entry.hash) { found = entry.name }
        return found
    }

    private static func name(_ text: Substring) -> String? {
        let isName =
            (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "@"):
                    true
                default: false
                }
            }
        return isName ? String(text) : nil
    }

    private static func hash(_ text: Substring) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
        guard text.utf8.count == 2 * SHA256.byteCount, digits.count == text.utf8.count else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

/// A wrong line. It never quotes the line, which may contain a key.
struct InvalidKeyLine: Error, Equatable {
    /// Counted from 1.
    let number: Int
    /// The problem, in words that follow "line 3".
    let problem: String
}
