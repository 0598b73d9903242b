import Digests
import Foundation
import Jobs
import Testing

@testable import krea_fcgi

/// The secret for addresses of pictures, and what is signed with it.
@Suite struct SigningTests {
    private static let text = Data((0..<32).map { UInt8($0) }).base64EncodedString()

    private func read(_ text: String) throws -> SigningSecret? {
        try SigningSecret.read(ConfigurationSource(environment: ["KREA_FCGI_SIGNING_SECRET": text]))
    }

    @Test func `a secret is 32 to 64 bytes, and shown nowhere`() throws {
        let wrong = InvalidSetting(
            description: "KREA_FCGI_SIGNING_SECRET must be the base64 of 32 to 64 random bytes (its value is not shown).")
        for count in [0, 1, 31, 65] {
            let text = Data(repeating: 7, count: count).base64EncodedString()
            if text.isEmpty { #expect(try read(text) == nil) } else { #expect(throws: wrong) { try read(text) } }
        }
        #expect(throws: wrong) { try read("not base64, but long enough to be a secret of its own") }
        for text in [Self.text, " \(Self.text)\n", Data(repeating: 7, count: 64).base64EncodedString()] {
            let secret = try #require(try read(text))
            #expect("\(secret) \(String(reflecting: secret))" == "(hidden) (hidden)")
            var dumped = ""
            dump(secret, to: &dumped)
            #expect(!dumped.contains("AAEC"))
        }
    }

    @Test func `a signature holds for its payload and its secret, and names one job`() throws {
        let secret = try #require(SigningSecret(Self.text))
        let other = try #require(SigningSecret(Data(repeating: 7, count: 32).base64EncodedString()))
        let signature = secret.signature(of: "abc")
        let job = try #require(secret.job(of: "abc", signedWith: signature))
        #expect(secret.job(of: "abc", signedWith: signature) == job)
        #expect(secret.job(of: "abd", signedWith: signature) == nil)
        #expect(other.job(of: "abc", signedWith: signature) == nil)
        #expect(other.job(of: "abc", signedWith: other.signature(of: "abc")) != job)
        #expect(secret.job(of: "abd", signedWith: secret.signature(of: "abd")) != job)
        for wrong in [[], Array(signature.dropLast()), signature + [0], [signature[0] ^ 1] + signature.dropFirst()] {
            #expect(secret.job(of: "abc", signedWith: wrong) == nil)
        }
        // The ID is no part of what everybody sees.
        let hex = signature.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(!hex.contains(job.description.suffix(12)))
    }

    @Test func `what is signed is what HMAC-SHA256 makes of the labelled payload`() throws {
        let key = HMACKey((0..<32).map { UInt8($0) })
        let expected = key.code(of: "krea-fcgi picture 1 abc".utf8)
        #expect(try #require(SigningSecret(Self.text)).signature(of: "abc") == Array(expected))
    }

    @Test(
        arguments: [
            (["prompt": "x", "width": 5000], "width 5000 must be a whole number from 512 to 2368."),
            (["prompt": "x", "batch_size": 2], "batch_size must be 1, an address shows one picture."),
            (["prompt": "x", "webhook_url": "https://a.example"], nil), ([:], nil),
            (["prompt": .string(String(repeating: "lighthouse ", count: 500))], nil),
        ] as [([String: JSONValue], String?)])
    func `what cannot be made is not signed`(members: [String: JSONValue], sentence: String?) throws {
        let secret = try #require(SigningSecret(Self.text))
        let error = #expect(throws: NotSigned.self) { try SignedRequest(members, by: .builtIn, with: secret) }
        if let sentence { #expect(error?.description == sentence) }
        #expect(try SignedRequest(["prompt": "x"], by: .builtIn, with: secret).path.hasPrefix("i/"))
    }
}
