import Digests
import FlyingFox
import FlyingSocks
import Foundation
import Jobs
import Synchronization

/// Somebody's program that wants to be told: an HTTP server on this machine, and what it got.
final class WebhookReceiver: Sendable {
    struct Message: Sendable {
        let headers: [String: String]
        let body: Data

        var json: Jobs.JSONValue {
            get throws { try JSONDecoder().decode(Jobs.JSONValue.self, from: body) }
        }

        /// Whether the signature is that of Standard Webhooks with this secret.
        func isSigned(with secret: String) -> Bool {
            guard let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))) else { return false }
            let signed = Data("\(headers["webhook-id"] ?? "").\(headers["webhook-timestamp"] ?? "").".utf8) + body
            let code = Data(HMACKey(key).code(of: signed))
            return headers["webhook-signature"]?.split(separator: " ").contains("v1,\(code.base64EncodedString())") == true
        }
    }

    /// Where it is.
    let url: String
    private let serving: Task<Void, any Error>
    private let messages = AsyncStream.makeStream(of: Message.self)

    /// A receiver that answers with these statuses in turn, the last one for all that follow.
    init(_ statuses: Int...) async throws {
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0), logger: .disabled)
        let continuation = messages.continuation
        let answered = Answered(statuses: statuses.map { HTTPStatusCode($0, phrase: "") })
        await server.appendRoute("*") { request in
            let headers = Dictionary(request.headers.map { ($0.key.rawValue.lowercased(), $0.value) }) { first, _ in first }
            continuation.yield(Message(headers: headers, body: try await request.bodyData))
            return HTTPResponse(statusCode: answered.next())
        }
        serving = Task { try await server.run() }
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else { throw SocketError.unsupportedAddress }
        url = "http://127.0.0.1:\(port)/end"
    }

    deinit {
        serving.cancel()
    }

    /// The next message. Waits for it.
    func next() async -> Message? {
        var iterator = messages.stream.makeAsyncIterator()
        return await iterator.next()
    }

    private final class Answered: Sendable {
        private let statuses: [HTTPStatusCode]
        private let count = Mutex(0)

        init(statuses: [HTTPStatusCode]) {
            self.statuses = statuses
        }

        func next() -> HTTPStatusCode {
            count.withLock { count in
                count += 1
                return statuses[min(count, statuses.count) - 1]
            }
        }
    }
}
