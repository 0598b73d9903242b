/// Collects the head of an answer line by line, within bounds.
struct ReceivedHead {
    /// The most lines, including 1xx heads before it and trailers after the body.
    static let countLimit = 256
    /// The most bytes, counted alike.
    static let byteLimit = 1 << 16

    private(set) var status = 0
    private(set) var fields: [(name: String, value: String)] = []
    private(set) var isComplete = false
    private var count = 0
    private var bytes = 0

    /// Whether the head states at most one length of the body. libcurl takes the last of several, and ignores one that it cannot read.
    var isLengthClear: Bool {
        let lengths = Set(fields.filter { $0.name.lowercased() == "content-length" }.map(\.value))
        return lengths.count <= 1 && lengths.allSatisfy { length in Int(length).map { $0 >= 0 } ?? false }
    }

    /// Takes a line with its line end. Returns false if there are too many.
    mutating func take(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        count += 1
        bytes += line.count
        guard count <= Self.countLimit, bytes <= Self.byteLimit else { return false }
        if isComplete { return true }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            fields = []
        } else if line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") {
            isComplete = status >= 200
        } else if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) {
            fields.append((String(text[..<colon]), Self.trimmed(text[text.utf8.index(after: colon)...])))
        }
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0D, 0x0A].contains($0) }
        let utf8 = text.utf8
        guard let first = utf8.firstIndex(where: { !isSpace($0) }), let last = utf8.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(text[first...last])
    }
}
