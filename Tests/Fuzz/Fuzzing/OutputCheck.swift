import TestSupport

/// What a web server reads on a connection: whole records of the types that a responder sends, and answers that fit themselves.
struct OutputCheck {
    private let output: [UInt8]
    private static let types: Set<UInt8> = [3, 6, 7, 10, 11]

    init(_ output: [UInt8]) {
        self.output = output
    }

    /// Throws a ``Finding``.
    func run() throws {
        var rest = output[...]
        var answer: [UInt8] = []
        while !rest.isEmpty {
            let header = Array(rest.prefix(8))
            guard header.count == 8, header[0] == 1, Self.types.contains(header[1]) else {
                throw Finding("No record begins with \(header).")
            }
            let count = Int(header[4]) << 8 | Int(header[5])
            let content = rest.dropFirst(8).prefix(count)
            guard content.count == count, rest.count >= 8 + count + Int(header[6]) else { throw Finding("A record is cut.") }
            rest = rest.dropFirst(8 + count + Int(header[6]))
            if header[1] == 6 { answer += content }
            if header[1] == 3 {
                // The answer to a second BEGIN_REQUEST says nothing but that there can be only one.
                if content.dropFirst(4).first == 0 { try check(FastCGIAnswer(output: answer, protocolStatus: 0)) }
                if content.dropFirst(4).first == 0 { answer = [] }
            }
        }
    }

    private func check(_ answer: FastCGIAnswer) throws {
        guard (200..<500).contains(answer.status) else { throw Finding("The answer is \(answer.status) \(answer.text).") }
        if let length = answer["content-length"], !answer.body.isEmpty, length != "\(answer.body.count)" {
            throw Finding("The answer has \(answer.body.count) bytes and says \(length).")
        }
    }
}
