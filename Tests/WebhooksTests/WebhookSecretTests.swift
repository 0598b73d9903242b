import Foundation
import Jobs
import Synchronization
import Testing

@testable import Webhooks

@Suite struct WebhookSecretTests {
    @Test(arguments: [(23, false), (24, true), (64, true), (65, false)])
    func `a secret has 24 to 64 bytes`(count: Int, isOne: Bool) {
        #expect((WebhookSecret("whsec_" + Data(repeating: 7, count: count).base64EncodedString()) != nil) == isOne)
    }

    @Test(arguments: [" ", ", ", ",", "\n"])
    func `up to four secrets are read together, and one that is none spoils them`(separator: String) {
        let secrets = (1...5).map { "whsec_" + Data(repeating: $0, count: 24).base64EncodedString() }
        for count in 1...5 {
            #expect((WebhookSecret(secrets.prefix(count).joined(separator: separator)) != nil) == (count <= 4))
        }
        #expect(WebhookSecret([secrets[0], "whsec_"].joined(separator: separator)) == nil)
    }

    @Test func `with two secrets a message has both signatures, that of the first first`() throws {
        let (old, new) = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + Data(repeating: 7, count: 32).base64EncodedString())
        let message = WebhookMessage(id: "a.1", url: "https://hooks.example.org/", body: Array("{}".utf8), attempt: 1)
        func signature(_ secret: String) throws -> String? {
            try #require(WebhookSecret(secret)).headers(of: message, at: .init(milliseconds: 5000)).first {
                $0.name == "webhook-signature"
            }?.value
        }
        let (one, other) = (try #require(try signature(old)), try #require(try signature(new)))
        #expect(one != other)
        #expect(one.hasPrefix("v1,"))
        #expect(try signature("\(new) \(old)") == "\(other) \(one)")
    }

    @Test(arguments: ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%%", "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    func `other texts are no secret`(text: String) {
        #expect(WebhookSecret(text) == nil)
    }

    @Test func `a secret is hidden wherever it is printed`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] {
            #expect(!text.contains("MfKQ"))
            #expect(!text.contains("bytes"))
        }
    }
}
