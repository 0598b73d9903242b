/// The head of a request, as far as the status needs it.
struct StatusRequest: Equatable {
    /// What comes of the bytes that have arrived.
    enum Reading: Equatable {
        /// There is no whole head yet.
        case incomplete
        /// A head and its length in bytes, with the blank line.
        case head(StatusRequest, length: Int)
        /// No HTTP/1 request, or one that is too long.
        case malformed
    }

    /// Bytes of the longest head.
    static let headLimit = 1 << 14
    /// No request here needs a body; one longer than this is not read.
    static let bodyLimit = 1 << 16

    var method: String
    var target: String
    var accept: String?
    /// Whether the connection stays after the answer.
    var isKept: Bool
    /// Bytes of the body that follows.
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
                // It is not read: the connection ends instead.
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
