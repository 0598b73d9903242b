import Digests
import Foundation
import Jobs
import Synchronization
import TestSupport

/// A program that wants to be told: an HTTP server on this machine, and what it got.
final class WebhookReceiver: Sendable {
    struct Message: Sendable {
        let request: RawHost.Request

        var body: Data { Data(request.body) }
        var json: JSONValue {
            get throws { try JSONDecoder().decode(JSONValue.self, from: body) }
        }

        func field(_ name: String) -> String? { request.field(name) }

        /// Whether the signature is that of Standard Webhooks with this secret.
        func isSigned(with secret: String) -> Bool {
            guard let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))) else { return false }
            let signed = Data("\(field("webhook-id") ?? "").\(field("webhook-timestamp") ?? "").".utf8) + body
            let code = Data(HMACKey(key).code(of: signed))
            return field("webhook-signature")?.split(separator: " ").contains("v1,\(code.base64EncodedString())") == true
        }
    }

    /// Where it is.
    var url: String { "\(host.base)/end" }
    private let host: RawHost
    private let messages: AsyncStream<Message>

    /// A receiver that answers with these statuses in turn, the last one for all that follow.
    init(_ statuses: Int...) throws {
        let (messages, continuation) = AsyncStream.makeStream(of: Message.self)
        self.messages = messages
        let count = Count()
        host = try RawHost { request in
            let status = statuses[min(count.next(), statuses.count - 1)]
            // Whoever gets the message knows that it is answered.
            return [.text("HTTP/1.1 \(status) Told\r\nConnection: close\r\n\r\n"), .call { continuation.yield(Message(request: request)) }]
        }
    }

    deinit {
        host.end()
    }

    /// The next message. Waits for it.
    func next() async -> Message? {
        var iterator = messages.makeAsyncIterator()
        return await iterator.next()
    }

    private final class Count: Sendable {
        private let given = Mutex(0)

        /// 0, then 1, then 2.
        func next() -> Int {
            given.withLock { given in
                defer { given += 1 }
                return given
            }
        }
    }
}
