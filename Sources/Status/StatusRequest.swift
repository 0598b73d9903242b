/// The head of a request, as far as the status needs it.
struct StatusRequest: Equatable {
    /// The result of reading the bytes so far.
    enum Reading: Equatable {
        /// The head is not complete yet.
        case incomplete
        /// A head, with its length in bytes including the blank line.
        case head(StatusRequest, length: Int)
        /// No HTTP/1 request, or too long a one.
        case malformed
    }

    /// The most bytes of a head.
    static let headLimit = 1 << 14
    /// The most bytes of a body. It is ignored, and a longer one is not read.
    static let bodyLimit = 1 << 16

    var method: String
    var target: String
    var accept: String?
    /// Whether the connection stays open after the answer.
    var isKept: Bool
    /// The bytes of the body that follows.
    var bodyLength = 0

    /// Reads the head at the beginning of `bytes`.
    static func read(_ bytes: [UInt8]) -> Reading {
        guard let end = bytes.prefix(headLimit).firstRange(of: Array("\r\n\r\n".utf8)) else {
            return bytes.count < headLimit ? .incomplete : .malformed
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, !words[1].isEmpty, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
            return .malformed
        }
        var request = StatusRequest(method: String(words[0]), target: String(words[1]), isKept: words[2] == "HTTP/1.1")
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return .malformed }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            switch line[..<colon].lowercased() {
            case "accept": request.accept = (request.accept.map { $0 + "," } ?? "") + value
            case "connection":
                let options = value.lowercased()
                if options.contains("close") { request.isKept = false } else if options.contains("keep-alive") { request.isKept = true }
            case "content-length":
                guard let length = Int(value), length >= 0 else { return .malformed }
                request.bodyLength = length
            case "transfer-encoding":
                // Such a body is not read; the connection ends after the answer.
                request.bodyLength = .max
            default: break
            }
        }
        if request.bodyLength > bodyLimit {
            request.bodyLength = 0
            request.isKept = false
        }
        return .head(request, length: end.upperBound)
    }
}
