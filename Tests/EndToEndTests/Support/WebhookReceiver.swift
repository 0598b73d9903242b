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
    private let status: Status
    private let messages: AsyncStream<Message>

    /// A receiver that answers with this status.
    init(_ status: Int) throws {
        let (messages, continuation) = AsyncStream.makeStream(of: Message.self)
        self.messages = messages
        let status = Status(status)
        self.status = status
        host = try RawHost { request in
            // Whoever gets the message knows that it is answered.
            let line = "HTTP/1.1 \(status.value.withLock { $0 }) Told\r\nConnection: close\r\n\r\n"
            return [.text(line), .call { continuation.yield(Message(request: request)) }]
        }
    }

    /// Answers with this status from now on.
    func answer(_ status: Int) {
        self.status.value.withLock { $0 = status }
    }

    deinit {
        host.end()
    }

    /// The next message. Waits for it.
    func next() async -> Message? {
        var iterator = messages.makeAsyncIterator()
        return await iterator.next()
    }

    private final class Status: Sendable {
        let value: Mutex<Int>

        init(_ status: Int) {
            value = Mutex(status)
        }
    }
}
