import NIOCore
import NIOPosix
import Synchronization

/// A web server of a test: it says, byte for byte, what it is told to say at a path, and remembers what it was asked.
final class RawHost: Sendable {
    /// What is said, one thing after the other; then the connection is closed.
    enum Step: Sendable {
        case text(String)
        case bytes([UInt8])
        /// The same again and again, as fast as it is taken, until the other side goes away.
        case endless([UInt8])
        /// Nothing, until the other side goes away.
        case silence
    }

    private let answers: [String: [Step]]
    private let asked = Mutex<[String]>([])

    private init(_ answers: [String: [Step]]) {
        self.answers = answers
    }

    /// The heads of all requests so far.
    var requests: [String] { asked.withLock(\.self) }

    /// Serves on a free port of this machine for as long as `body` runs, which gets the address.
    static func run(
        _ answers: [String: [Step]], _ body: @escaping @Sendable (_ base: String, RawHost) async throws -> Void
    ) async throws {
        let host = RawHost(answers)
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup).bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.serve(server) }
            group.addTask { try await body("http://127.0.0.1:\(server.channel.localAddress?.port ?? 0)", host) }
            try await group.next()
            group.cancelAll()
        }
    }

    private func serve(_ server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>) async throws {
        try await server.executeThenClose { clients in
            await withDiscardingTaskGroup { group in
                do {
                    for try await client in clients {
                        // A client that goes away is what many tests are about.
                        group.addTask { try? await self.answer(client) }
                    }
                } catch {
                    // The test is over.
                }
                group.cancelAll()
            }
        }
    }

    private func answer(_ client: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
        try await client.executeThenClose { inbound, outbound in
            var head = ""
            var parts = inbound.makeAsyncIterator()
            while !head.hasSuffix("\r\n\r\n") {
                guard let part = try await parts.next() else { return }
                head += String(buffer: part)
            }
            asked.withLock { $0.append(head) }
            let path = head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
            for step in answers[path, default: [.text("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]] {
                switch step {
                case .text(let text): try await outbound.write(ByteBuffer(string: text))
                case .bytes(let bytes): try await outbound.write(ByteBuffer(bytes: bytes))
                case .endless(let bytes):
                    while !Task.isCancelled { try await outbound.write(ByteBuffer(bytes: bytes)) }
                case .silence: while try await parts.next() != nil {}
                }
            }
        }
    }
}
