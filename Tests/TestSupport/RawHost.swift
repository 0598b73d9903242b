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
    }

    private struct State {
        var requests: [String] = []
        var bodies: [[UInt8]] = []
        var connections = 0
        var open: Set<Int32> = []
        var isOver = false
    }

    private let answers: [String: [Step]]
    private let state = Mutex(State())

    private init(_ answers: [String: [Step]]) {
        self.answers = answers
    }

    /// The heads of all requests so far.
    public var requests: [String] { state.withLock(\.requests) }
    /// The bodies of all requests so far, as far as they had a length.
    public var bodies: [[UInt8]] { state.withLock(\.bodies) }
    /// How many connections were made so far.
    public var connections: Int { state.withLock(\.connections) }
    /// How many connections are open.
    public var openConnections: Int { state.withLock(\.open.count) }

    /// Serves on a free port of this machine for as long as `body` runs, which gets the address.
    public static func run(
        _ answers: [String: [Step]], _ body: (_ base: String, RawHost) async throws -> Void
    ) async throws {
        let host = RawHost(answers)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        Thread.detachNewThread { host.serve(listener) }
        defer { host.end(listener) }
        try await body("http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))", host)
    }

    private func end(_ listener: Int32) {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            state.isOver = true
            for client in state.open { shutdown(client, Int32(SHUT_RDWR)) }
        }
    }

    private func serve(_ listener: Int32) {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { break }
            state.withLock { state in
                state.connections += 1
                state.open.insert(client)
                if state.isOver { shutdown(client, Int32(SHUT_RDWR)) }
            }
            Thread.detachNewThread { [self] in
                answer(client)
                state.withLock { state in
                    state.open.remove(client)
                    close(client)
                }
            }
        }
        close(listener)
    }

    private func answer(_ client: Int32) {
        var received: [UInt8] = []
        guard let path = readRequest(client, &received) else { return }
        for step in answers[path, default: [.text("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]] {
            switch step {
            case .text(let text): guard write(Array(text.utf8), client) else { return }
            case .bytes(let bytes): guard write(bytes, client) else { return }
            case .endless(let bytes): while write(bytes, client) {}
            case .silence: while readMore(client, &received) {}
            case .nextRequest: guard readRequest(client, &received) != nil else { return }
            }
        }
        // Before the end of what is said is seen, nothing that has come late may make it a reset.
        shutdown(client, Int32(SHUT_WR))
    }

    /// Reads a request and returns its path; nil when the other side has gone.
    private func readRequest(_ client: Int32, _ received: inout [UInt8]) -> String? {
        let blank = Array("\r\n\r\n".utf8)
        while true {
            if let end = received.firstRange(of: blank)?.upperBound {
                let head = String(decoding: received[..<end], as: UTF8.self)
                let length =
                    head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
                if received.count >= end + length {
                    state.withLock { state in
                        state.requests.append(head)
                        state.bodies.append(Array(received[end..<end + length]))
                    }
                    received.removeFirst(end + length)
                    return head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
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
