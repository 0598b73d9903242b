import Foundation
import Glibc
import TestSupport

@testable import krea_simulator

/// A client of one connection on blocking sockets, which shows every byte and every close as it is.
enum Peer {
    struct Request: Sendable {
        var line: String
        var fields: [String]
        var body: [UInt8] = []
        /// Whether the client asks the server to close the connection after the answer.
        var closes = true

        static func get(_ path: String, token: String? = "simulator") -> Request {
            Request(line: "GET \(path) HTTP/1.1", fields: token.map { ["Authorization: Bearer \($0)"] } ?? [])
        }

        static func post(_ body: JSON) -> Request {
            let bytes = body.bytes
            return Request(
                line: "POST /generate/image/google/nano-banana-flash HTTP/1.1",
                fields: ["Authorization: Bearer simulator", "Content-Type: application/json", "Content-Length: \(bytes.count)"],
                body: bytes
            )
        }
    }

    struct NoAnswer: Error {}

    /// What came until the connection was closed.
    static func bytes(_ port: UInt16, _ request: Request) async throws -> [UInt8] {
        try await onThread { try read(port, request) }
    }

    static func exchange(_ port: UInt16, _ request: Request) async throws -> Message {
        guard let message = Message(try await bytes(port, request)) else { throw NoAnswer() }
        return message
    }

    /// Blocking reads belong on a thread of their own, not on the tasks' threads that the server needs.
    static func onThread<Value: Sendable>(_ body: @Sendable @escaping () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    private static func read(_ port: UInt16, _ request: Request) throws -> [UInt8] {
        let file = try Socket.make()
        defer { close(file) }
        guard Loopback.at(Int(port), { connect(file, $0, $1) }) == 0 else { throw NoAnswer() }
        let connection = request.closes ? "close" : "keep-alive"
        let head = [request.line, "Host: 127.0.0.1", "Connection: \(connection)"] + request.fields + ["", ""]
        Socket.write(Array(head.joined(separator: "\r\n").utf8) + request.body, to: file)
        var received: [UInt8] = []
        while let more = try Socket.read(file) { received += more }
        return received
    }
}

/// The head of an HTTP message with its line ends, and what follows it.
struct Message: Sendable {
    var head: String
    var body: [UInt8]

    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        head = String(decoding: bytes[..<end.upperBound], as: UTF8.self)
        body = Array(bytes[end.upperBound...])
    }

    /// Whether as much body is there as the head promises.
    var isWhole: Bool {
        let length = head.lowercased().firstMatch(of: /content-length: *([0-9]+)/).flatMap { Int($0.1) } ?? 0
        return body.count >= length
    }
}

/// A port that waits for one request.
final class Listener: Sendable {
    let port: UInt16
    private let file: Int32

    init() throws {
        let (file, port) = try Loopback.listen()
        Socket.limit(file)
        self.file = file
        self.port = UInt16(port)
    }

    deinit { close(file) }

    /// Takes one request, answers 204 and gives what it was.
    func answerOne() async throws -> Message {
        try await Peer.onThread { try self.takeOne() }
    }

    private func takeOne() throws -> Message {
        let peer = accept(file, nil, nil)
        guard peer >= 0 else { throw Peer.NoAnswer() }
        defer { close(peer) }
        var received: [UInt8] = []
        while true {
            if let message = Message(received), message.isWhole {
                Socket.write(Array("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".utf8), to: peer)
                return message
            }
            guard let more = try Socket.read(peer) else { throw Peer.NoAnswer() }
            received += more
        }
    }
}

/// The few socket calls that both sides need. Reads give up after five minutes, so that a test that hangs fails.
private enum Socket {
    static func make() throws -> Int32 {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard file >= 0 else { throw Peer.NoAnswer() }
        limit(file)
        return file
    }

    static func limit(_ file: Int32) {
        var limit = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    static func write(_ bytes: [UInt8], to file: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// The next bytes; nil once the other side has closed in good order. Throws for anything else, a time-out among it.
    static func read(_ file: Int32) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(file, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Peer.NoAnswer() }
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }
}
