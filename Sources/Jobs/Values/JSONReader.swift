import PlainText

/// Reads JSON strictly (RFC 8259) and within bounds: the one reader of JSON from outside.
public struct JSONReader {
    /// Why a text is not taken.
    public enum Fault: Error, Hashable, Sendable {
        /// The bytes are not UTF-8 (RFC 8259, section 8.1).
        case notUTF8
        /// It is no JSON.
        case invalid
        /// More arrays and objects are open at once than may be.
        case tooDeep
        /// There are more values than may be.
        case tooMany
        /// An object has two members of this name. The path leads there: names, and positions in arrays.
        case repeated(path: [String])
        /// The number there is larger than any that can be told from others.
        case outOfRange(path: [String])
    }

    private enum Step {
        case name(String)
        case position(Int)
    }

    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var left: Int
    private let mayRepeatMembers: Bool
    private var next = 0
    private var path: [Step] = []

    private init(_ bytes: [UInt8], maximumDepth: Int, maximumValues: Int, mayRepeatMembers: Bool) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        left = maximumValues
        self.mayRepeatMembers = mayRepeatMembers
    }

    /// The one value that `bytes` are. A byte order mark before it is passed over.
    ///
    /// - Parameters:
    ///   - maximumDepth: How many arrays and objects may be open at once.
    ///   - maximumValues: How many values there may be.
    ///   - mayRepeatMembers: Whether the first of several members with the same name counts; else they are a fault.
    public static func value(
        of bytes: [UInt8], maximumDepth: Int, maximumValues: Int = .max, mayRepeatMembers: Bool = false
    ) throws(Fault) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        var reader = JSONReader(
            bytes, maximumDepth: maximumDepth, maximumValues: maximumValues, mayRepeatMembers: mayRepeatMembers)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.next = 3 }
        reader.skipSpace()
        let value = try reader.value()
        reader.skipSpace()
        guard reader.next == bytes.count else { throw .invalid }
        return value
    }

    private var byte: UInt8? { next < bytes.count ? bytes[next] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { next += 1 }
    }

    /// Passes over a byte, if it is the next one.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: character) else { return false }
        next += 1
        return true
    }

    private mutating func value() throws(Fault) -> JSONValue {
        guard left > 0 else { throw .tooMany }
        left -= 1
        return switch byte {
        case UInt8(ascii: "{"): try object()
        case UInt8(ascii: "["): try array()
        case UInt8(ascii: "\""): .string(try string())
        case UInt8(ascii: "t"): try word("true", .bool(true))
        case UInt8(ascii: "f"): try word("false", .bool(false))
        case UInt8(ascii: "n"): try word("null", .null)
        default: .number(try number())
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(Fault) -> JSONValue {
        guard bytes[next...].starts(with: word.utf8) else { throw .invalid }
        next += word.utf8.count
        return value
    }

    private mutating func open(_ step: Step) throws(Fault) {
        guard path.count < maximumDepth else { throw .tooDeep }
        path.append(step)
        next += 1
        skipSpace()
    }

    private mutating func array() throws(Fault) -> JSONValue {
        try open(.position(0))
        defer { path.removeLast() }
        var elements: [JSONValue] = []
        if take("]") { return .array([]) }
        while true {
            path[path.count - 1] = .position(elements.count)
            elements.append(try value())
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw .invalid }
            skipSpace()
        }
    }

    private mutating func object() throws(Fault) -> JSONValue {
        try open(.name(""))
        defer { path.removeLast() }
        var members: [String: JSONValue] = [:]
        if take("}") { return .object([:]) }
        while true {
            guard byte == UInt8(ascii: "\"") else { throw .invalid }
            let name = try string()
            path[path.count - 1] = .name(name)
            // Names that differ only in how a letter is composed cannot both be kept, and no member that is known has any.
            let isRepeated = members[name] != nil
            guard !isRepeated || mayRepeatMembers else { throw .repeated(path: redactedPath) }
            skipSpace()
            guard take(":") else { throw .invalid }
            skipSpace()
            let value = try value()
            if !isRepeated { members[name] = value }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw .invalid }
            skipSpace()
        }
    }

    private var redactedPath: [String] {
        path.map { step in
            switch step {
            case .name(let name): name.beginning(40).printable
            case .position(let position): String(position)
            }
        }
    }

    private mutating func number() throws(Fault) -> Double {
        let start = next
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        guard let number = Double(String(decoding: bytes[start..<next], as: UTF8.self)) else { throw .invalid }
        guard number.isFinite else { throw .outOfRange(path: redactedPath) }
        return number
    }

    private mutating func digits() throws(Fault) {
        let start = next
        while let byte, (0x30...0x39).contains(byte) { next += 1 }
        guard next > start else { throw .invalid }
    }

    private mutating func string() throws(Fault) -> String {
        next += 1
        let start = next
        while let byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { next += 1 }
        if byte == UInt8(ascii: "\"") {
            next += 1
            return String(decoding: bytes[start..<(next - 1)], as: UTF8.self)
        }
        var text = Array(bytes[start..<next])
        while let byte, byte >= 0x20 {
            next += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escaped()
            default: text.append(byte)
            }
        }
        throw .invalid
    }

    /// What an escape stands for, in UTF-8; the backslash has been read.
    private mutating func escaped() throws(Fault) -> [UInt8] {
        guard let kind = byte else { throw .invalid }
        next += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [kind]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(try unicodeScalar()).utf8)
        default: throw .invalid
        }
    }

    /// One code point: four hex digits, or twice four for one beyond U+FFFF. Half of a pair is none.
    private mutating func unicodeScalar() throws(Fault) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), take("\\"), take("u") else { throw .invalid }
        let second = try fourHexDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw .invalid }
        return scalar
    }

    private mutating func fourHexDigits() throws(Fault) -> UInt32 {
        guard next + 4 <= bytes.count else { throw .invalid }
        var number: UInt32 = 0
        for digit in bytes[next..<(next + 4)] {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue, digit < 0x80 else { throw .invalid }
            number = number << 4 | UInt32(value)
        }
        next += 4
        return number
    }
}
