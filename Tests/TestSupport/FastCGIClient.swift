import Glibc

/// The web server's side of one connection to a FastCGI responder: literal records out, literal records in, blocking.
///
/// Blocking calls belong on a thread of their own (``onThread(_:)``), not in a task. A read that takes longer than half a minute fails,
/// only so that a hung test ends.
public final class FastCGIClient: Sendable {
    /// Where the responder listens.
    public enum Target: Sendable {
        /// A Unix socket.
        case unix(path: String)
        /// A port of 127.0.0.1.
        case tcp(port: Int)
    }

    /// The system call that failed, and why.
    public struct Failure: Error, CustomStringConvertible {
        /// Both in one line.
        public let description: String

        init(_ call: String) {
            description = "\(call): \(String(cString: strerror(errno)))"
        }
    }

    private let descriptor: Int32

    /// Connects.
    public init(_ target: Target) throws {
        let descriptor: Int32
        let result: Int32
        switch target {
        case .unix(let path):
            descriptor = socket(AF_UNIX, 1, 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            result = Self.connect(descriptor, address)
        case .tcp(let port):
            descriptor = socket(AF_INET, 1, 0)
            result = Loopback.at(Int(port)) { Glibc.connect(descriptor, $0, $1) }
        }
        guard result == 0 else {
            let failure = Failure("connect")
            Glibc.close(descriptor)
            throw failure
        }
        // On a busy machine it can take long until a test's server has its turn for the first time.
        var limit = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        self.descriptor = descriptor
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Sends bytes as they are.
    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure("send") }
            sent += count
        }
    }

    /// Sends records, all in one go.
    public func send(_ records: FastCGIRecord...) throws {
        try send(records.flatMap(\.bytes))
    }

    /// Sends a whole request. A body is sent in records of up to 32 KiB; CONTENT_LENGTH is the caller's business.
    public func send(_ parameters: KeyValuePairs<String, String>, body: [UInt8] = [], isKept: Bool = false) throws {
        var bytes = FastCGIRecord.begin(isKept: isKept).bytes
        bytes += FastCGIRecord(.parameters, FastCGIRecord.pairs(parameters)).bytes + FastCGIRecord(.parameters).bytes
        for start in stride(from: 0, to: body.count, by: 32768) {
            bytes += FastCGIRecord(.standardInput, Array(body[start..<min(start + 32768, body.count)])).bytes
        }
        try send(bytes + FastCGIRecord(.standardInput).bytes)
    }

    /// Waits for the next record; nil at the end of the connection.
    public func receive() throws -> FastCGIRecord? {
        guard let header = try read(8) else { return nil }
        guard let kind = FastCGIRecord.Kind(rawValue: header[1]) else { throw Failure("record of type \(header[1])") }
        let count = Int(header[4]) << 8 | Int(header[5])
        guard let content = try read(count), try read(Int(header[6])) != nil else { return nil }
        return FastCGIRecord(kind, content, requestID: UInt16(header[2]) << 8 | UInt16(header[3]), padding: header[6])
    }

    /// Waits for a whole answer; nil if the connection ends without one byte of it.
    public func receiveAnswer() throws -> FastCGIAnswer? {
        var output: [UInt8] = []
        while let record = try receive() {
            if record.kind == .standardOutput { output += record.content }
            if record.kind == .endRequest { return FastCGIAnswer(output: output, protocolStatus: record.content[4]) }
        }
        return output.isEmpty ? nil : FastCGIAnswer(output: output, protocolStatus: nil)
    }

    /// Waits for the end of the connection; false if something else comes.
    public func receiveEnd() throws -> Bool {
        try read(1) == nil
    }

    /// Waits for a record that says nothing, and the end of the connection after it; false if something else comes.
    public func receiveFarewell() throws -> Bool {
        try receive() == FastCGIRecord(.standardError) && receiveEnd()
    }

    /// Sends text as it is, and reads up to the end of the connection: for servers of other protocols.
    public func ask(_ text: String) throws -> String {
        try send(Array(text.utf8))
        var answer: [UInt8] = []
        while let byte = try read(1) { answer += byte }
        return String(decoding: answer, as: UTF8.self)
    }

    /// Reads up to the end of the connection, however the peer ends it.
    public func receiveRest() throws -> [UInt8] {
        var rest: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &part, part.count, 0)
            if count == 0 || (count < 0 && errno == ECONNRESET) { return rest }
            guard count > 0 else { throw Failure("recv") }
            rest += part.prefix(count)
        }
    }

    /// All that is there to be read now, without waiting.
    public func receivePresent() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        guard count >= 0 else { throw Failure("recv") }
        return Array(bytes.prefix(count))
    }

    /// Says that nothing more will be sent, as a web server does that goes away; answers can still be read.
    public func finishSending() {
        shutdown(descriptor, 1)
    }

    /// Sends one request and waits for its answer.
    public func exchange(
        _ parameters: KeyValuePairs<String, String>,
        body: [UInt8] = [],
        isKept: Bool = false
    ) throws -> FastCGIAnswer? {
        try send(parameters, body: body, isKept: isKept)
        return try receiveAnswer()
    }

    /// Exactly `count` bytes; nil if the connection ends before them, however the peer ended it.
    private func read(_ count: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var part = [UInt8](repeating: 0, count: count - bytes.count)
            let received = recv(descriptor, &part, part.count, 0)
            if received == 0 || (received < 0 && errno == ECONNRESET) { return nil }
            guard received > 0 else { throw Failure("recv") }
            bytes += part.prefix(received)
        }
        return bytes
    }

    private static func connect<Address>(_ descriptor: Int32, _ address: Address) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
