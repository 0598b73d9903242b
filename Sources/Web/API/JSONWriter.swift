import Jobs
import PlainText

/// Writes JSON (RFC 8259) as bytes, without a tree of values in between.
///
/// What turns the direction of text, and control characters beyond ASCII, are escaped, although JSON does not require it: terminals obey them.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// Whether a comma must precede what comes next.
    private var needsComma = false

    /// The value as JSON.
    static func bytes(of value: some JSONWritable) -> [UInt8] {
        var json = JSONWriter()
        json.bytes.reserveCapacity(1024)
        value.write(to: &json)
        return json.bytes
    }

    mutating func object(_ members: (inout JSONWriter) -> Void) {
        nested("{", "}", members)
    }

    mutating func array(of elements: some Sequence<some JSONWritable>) {
        nested("[", "]") { json in
            for element in elements { element.write(to: &json) }
        }
    }

    /// A member of an object. Its name needs no escapes.
    mutating func member(_ name: StaticString, _ value: some JSONWritable) {
        begin(name)
        value.write(to: &self)
    }

    /// A member that is an object.
    mutating func member(_ name: StaticString, _ members: (inout JSONWriter) -> Void) {
        begin(name)
        object(members)
    }

    /// A member that is left out if it is nil.
    mutating func member(_ name: StaticString, ifAny value: (some JSONWritable)?) {
        if let value { member(name, value) }
    }

    /// Members in the order of their names, so that equal objects give equal bytes.
    mutating func members(_ all: [(String, some JSONWritable)]) {
        for (name, value) in all.sorted(by: { $0.0 < $1.0 }) {
            name.write(to: &self)
            append(":")
            needsComma = false
            value.write(to: &self)
        }
    }

    /// A value with exactly these characters.
    mutating func literal(_ text: StaticString) {
        begin()
        append(text)
    }

    mutating func number(_ digits: String) {
        begin()
        digits.withBytes { bytes.append(contentsOf: $0) }
    }

    mutating func string(_ text: String) {
        begin()
        append("\"")
        if text.withBytes({ $0.contains(where: Self.mayNeedEscape) }) {
            for scalar in text.unicodeScalars { write(scalar) }
        } else {
            text.withBytes { bytes.append(contentsOf: $0) }
        }
        append("\"")
    }

    private mutating func nested(_ start: StaticString, _ end: StaticString, _ inner: (inout JSONWriter) -> Void) {
        begin()
        append(start)
        needsComma = false
        inner(&self)
        append(end)
        needsComma = true
    }

    private mutating func begin(_ name: StaticString) {
        begin()
        append("\"")
        append(name)
        append("\":")
        needsComma = false
    }

    private mutating func begin() {
        if needsComma { append(",") }
        needsComma = true
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func mayNeedEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        if scalar.value < 0x7F {
            escape(UInt8(scalar.value))
        } else if scalar.isPrintable {
            bytes.append(contentsOf: UTF8.encode(scalar)!)
        } else {
            bytes.append(contentsOf: scalar.jsonEscape.utf8)
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        case 0..<0x10:
            append("\\u000")
            bytes.append(Self.digits[Int(byte)])
        case 0x10..<0x20:
            append("\\u001")
            bytes.append(Self.digits[Int(byte) - 16])
        default: bytes.append(byte)
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}

/// A value that a ``JSONWriter`` can write.
protocol JSONWritable {
    func write(to json: inout JSONWriter)
}

extension String: JSONWritable {
    func write(to json: inout JSONWriter) { json.string(self) }
}

extension Bool: JSONWritable {
    func write(to json: inout JSONWriter) { json.literal(self ? "true" : "false") }
}

extension Int: JSONWritable {
    func write(to json: inout JSONWriter) { json.number(String(self)) }
}

extension Double: JSONWritable {
    func write(to json: inout JSONWriter) {
        if let whole = Int(exactly: self) { whole.write(to: &json) } else { json.number(String(self)) }
    }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    func write(to json: inout JSONWriter) {
        if let self { self.write(to: &json) } else { json.literal("null") }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    func write(to json: inout JSONWriter) { json.array(of: self) }
}

extension JSONValue: JSONWritable {
    func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.literal("null")
        case .bool(let value): value.write(to: &json)
        case .number(let value): value.write(to: &json)
        case .string(let value): json.string(value)
        case .array(let value): json.array(of: value)
        case .object(let value): json.object { $0.members(value.map { ($0.key, $0.value) }) }
        }
    }
}
