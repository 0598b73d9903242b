import Foundation
import Glibc
import Synchronization

/// A web server of a test: it says, byte for byte, what it is told to say at a path, and remembers what it was asked.
public final class RawHost: Sendable {
    /// What is said, one thing after the other; then the connection is closed.
    public enum Step: Sendable {
        case text(String)
        case bytes([UInt8])
        /// The same again and again, as fast as it is taken, until the other side goes away.
        case endless([UInt8])
        /// Nothing, until the other side goes away.
        case silence
        /// Nothing, until the next request has come on the same connection, whatever its path.
        case nextRequest
        /// Nothing; calls this instead.
        case call(@Sendable () -> Void)
    }

    /// What a client asked.
    public struct Request: Sendable {
        /// Its first line and its fields, up to the empty line.
        public let head: String
        /// As many bytes as its `Content-Length` says.
        public let body: [UInt8]

        /// What stands in its first line behind the method.
        public var path: String { head.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

        /// The value of a field, without the space before it; nil when there is none. Names may have any case.
        public func field(_ name: String) -> String? {
            let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("\(name.lowercased()):") }
            return line.map { String($0.dropFirst(name.count + 1).drop { $0 == " " }) }
        }
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var open: Set<Int32> = []
        var isOver = false
    }

    private let listener: Int32
    /// Where it is: `http://127.0.0.1:PORT`.
    public let base: String
    private let answer: @Sendable (Request) -> [Step]
    private let state = Mutex(State())

    /// Serves on a free port of this machine until its ``end()``.
    public init(_ answer: @escaping @Sendable (Request) -> [Step]) throws {
        let (listener, port) = try Loopback.listen()
        self.listener = listener
        self.answer = answer
        base = "http://127.0.0.1:\(port)"
        Thread.detachNewThread { self.serve() }
    }

    /// All requests so far.
    public var received: [Request] { state.withLock(\.requests) }
    /// The heads of all requests so far.
    public var requests: [String] { state.withLock { $0.requests.map(\.head) } }
    /// The bodies of all requests so far, as far as they had a length.
    public var bodies: [[UInt8]] { state.withLock { $0.requests.map(\.body) } }
    /// How many connections were made so far.
    public var connections: Int { state.withLock(\.connections) }
    /// How many connections are open.
    public var openConnections: Int { state.withLock(\.open.count) }

    /// Serves on a free port of this machine for as long as `body` runs, which gets the address.
    public static func run(
        _ answers: [String: [Step]], _ body: (_ base: String, RawHost) async throws -> Void
    ) async throws {
        let host = try RawHost { answers[$0.path, default: [.text("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]] }
        defer { host.end() }
        try await body(host.base, host)
    }

    /// Ends it, with all connections. To be called once.
    public func end() {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            state.isOver = true
            for client in state.open { shutdown(client, Int32(SHUT_RDWR)) }
        }
    }

    private func serve() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { break }
            state.withLock { state in
                state.connections += 1
                state.open.insert(client)
                if state.isOver { shutdown(client, Int32(SHUT_RDWR)) }
            }
            Thread.detachNewThread { [self] in
                converse(client)
                state.withLock { state in
                    state.open.remove(client)
                    close(client)
                }
            }
        }
        close(listener)
    }

    private func converse(_ client: Int32) {
        var received: [UInt8] = []
        guard let request = readRequest(client, &received) else { return }
        for step in answer(request) {
            switch step {
            case .text(let text): guard write(Array(text.utf8), client) else { return }
            case .bytes(let bytes): guard write(bytes, client) else { return }
            case .endless(let bytes): while write(bytes, client) {}
            case .silence: while readMore(client, &received) {}
            case .nextRequest: guard readRequest(client, &received) != nil else { return }
            case .call(let body): body()
            }
        }
        // Before the end of what is said is seen, nothing that has come late may make it a reset.
        shutdown(client, Int32(SHUT_WR))
    }

    /// Reads a request; nil when the other side has gone.
    private func readRequest(_ client: Int32, _ received: inout [UInt8]) -> Request? {
        let blank = Array("\r\n\r\n".utf8)
        while true {
            if let end = received.firstRange(of: blank)?.upperBound {
                let head = String(decoding: received[..<end], as: UTF8.self)
                let length = Request(head: head, body: []).field("Content-Length").flatMap { Int($0) } ?? 0
                if received.count >= end + length {
                    let request = Request(head: head, body: Array(received[end..<end + length]))
                    state.withLock { $0.requests.append(request) }
                    received.removeFirst(end + length)
                    return request
                }
            }
            guard readMore(client, &received) else { return nil }
        }
    }

    private func readMore(_ client: Int32, _ received: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(client, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer.prefix(count)
        return true
    }

    private func write(_ bytes: [UInt8], _ client: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
