import Foundation
import Jobs
import Synchronization
import Testing

@testable import Webhooks

/// One attempt: what is signed, who is called, and what the answer means.
@Suite struct SignedSenderTests {
    private static let hosts = WebhookHosts("hooks.example.org, .example.net", simulated: false)!
    private static let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!
    private let now = Timestamp(milliseconds: 1_614_265_330_999)

    /// Has the addresses that it was given.
    private struct Names: Resolver {
        let addresses: [String]
        func addresses(of host: String, until deadline: ContinuousClock.Instant) async -> [NetworkAddress] {
            addresses.map { NetworkAddress($0)! }
        }
    }

    /// Answers alike, and keeps what came.
    private final class Wire: Post {
        struct Request {
            let body: [UInt8]
            let url: String
            let address: String
            let headers: [String: String]
        }

        private let sent = Mutex<[Request]>([])
        private let answer: Int?
        var requests: [Request] { sent.withLock(\.self) }

        init(_ answer: Int?) {
            self.answer = answer
        }

        func status(
            of body: [UInt8], to url: WebhookURL, at address: NetworkAddress, headers: [(name: String, value: String)],
            until deadline: ContinuousClock.Instant
        ) async -> Int? {
            sent.withLock { sent in
                sent.append(
                    Request(
                        body: body, url: url.text, address: address.description,
                        headers: Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })))
            }
            return answer
        }
    }

    private func send(
        to url: String = "https://hooks.example.org/end", at addresses: [String] = ["93.184.215.14"], attempt: Int = 1,
        hosts: WebhookHosts = hosts,
        answer: Int? = 204
    ) async -> (DeliveryOutcome, Wire) {
        let wire = Wire(answer)
        let sender = SignedSender(hosts: hosts, secret: Self.secret, resolver: Names(addresses: addresses), post: wire)
        let message = WebhookMessage(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", url: url, body: Array(#"{"test": 2432232314}"#.utf8), attempt: attempt)
        return (await sender.send(message, at: now), wire)
    }

    @Test func `a message is signed as Standard Webhooks has it`() async {
        // The example of that text's own libraries.
        let (outcome, wire) = await send()
        #expect(outcome == .delivered(status: 204))
        #expect(
            wire.requests.map(\.headers) == [
                [
                    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
                    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                ]
            ])
        #expect(wire.requests.first?.address == "93.184.215.14")
    }

    @Test(
        arguments: [
            (200, DeliveryOutcome.delivered(status: 200)), (299, .delivered(status: 299)), (300, .failed("status 300")),
            (302, .failed("status 302")), (404, .failed("status 404")), (410, .gone), (500, .failed("status 500")),
            (nil, .failed("no answer")),
        ] as [(Int?, DeliveryOutcome)])
    func `any 2xx is taken for delivered, 410 is final, and everything else failed`(status: Int?, outcome: DeliveryOutcome) async {
        #expect(await send(answer: status).0 == outcome)
    }

    @Test(arguments: ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:8.8.8.8"])
    func `nothing is sent to a name one of whose addresses is not public`(address: String) async {
        for addresses in [[address], ["93.184.215.14", address], [address, "93.184.215.14"]] {
            let (outcome, wire) = await send(at: addresses)
            #expect(outcome == .failed("address not public"))
            #expect(wire.requests.isEmpty)
        }
    }

    @Test func `nothing is sent to a name without an address`() async {
        let (outcome, wire) = await send(at: [])
        #expect(outcome == .failed("host not found"))
        #expect(wire.requests.isEmpty)
    }

    @Test(arguments: ["https://other.example.org/", "http://hooks.example.org/", "https://example.net/", "ftp://hooks.example.org/", "x"])
    func `nothing is sent to what is not allowed any more`(url: String) async {
        let (outcome, wire) = await send(to: url)
        #expect(outcome == .failed("host not allowed"))
        #expect(wire.requests.isEmpty)
    }

    @Test func `further attempts go to further addresses`() async {
        var addresses: [String] = []
        for attempt in 1...3 {
            addresses += await send(at: ["93.184.215.14", "2a00:1450:4001:80f::200e"], attempt: attempt).1.requests.map(\.address)
        }
        #expect(addresses == ["93.184.215.14", "2a00:1450:4001:80f::200e", "93.184.215.14"])
    }

    @Test func `this machine is called only where it is listed, and then over http too`() async throws {
        let hosts = try #require(WebhookHosts("localhost,hooks.example.org", simulated: true))
        #expect(await send(to: "http://localhost:9/", at: ["127.0.0.1"], hosts: hosts).0 == .delivered(status: 204))
        #expect(await send(to: "http://127.0.0.1:9/", at: ["127.0.0.1"], hosts: hosts).0 == .failed("host not allowed"))
        #expect(await send(to: "https://hooks.example.org/", at: ["127.0.0.1"], hosts: hosts).0 == .failed("address not public"))
        #expect(await send(to: "http://hooks.example.org/", hosts: hosts).0 == .failed("host not allowed"))
        #expect(await send(to: "http://localhost/", at: ["10.0.0.1"], hosts: hosts).0 == .failed("address not public"))
    }
}
