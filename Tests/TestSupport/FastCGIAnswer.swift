/// The answer to one FastCGI request, as a web server would read it.
public struct FastCGIAnswer: Equatable, Sendable {
    /// The status line's code; 200 if the answer has none (RFC 3875, section 6.3.3).
    public var status: Int
    /// The header fields with lower-case names, in the order that they came in.
    public var fields: [(name: String, value: String)]
    /// What follows the head.
    public var body: [UInt8]
    /// The protocol status of the END_REQUEST record (section 5.5); nil if the connection ended before it.
    public var protocolStatus: UInt8?

    /// Reads the content of a whole standard output stream.
    public init(output: [UInt8], protocolStatus: UInt8?) {
        var rest = output[...]
        var lines: [String] = []
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[..<end].last == 0x0D ? rest[..<end].dropLast() : rest[..<end]
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            lines.append(String(decoding: line, as: UTF8.self))
        }
        fields = lines.compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
        status = 200
        body = Array(rest)
        self.protocolStatus = protocolStatus
        if let line = self["status"], let code = Int(line.prefix(3)) { status = code }
    }

    /// The value of the first field of that name, which is written in lower case.
    public subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// The body as text.
    public var text: String {
        String(decoding: body, as: UTF8.self)
    }

    /// Answers are equal if a web server could not tell them apart.
    public static func == (left: FastCGIAnswer, right: FastCGIAnswer) -> Bool {
        left.status == right.status && left.body == right.body && left.protocolStatus == right.protocolStatus
            && left.fields.elementsEqual(right.fields) { $0 == $1 }
    }
}
