import Testing

@testable import Jobs

@Suite struct WebhookKeyTests {
    @Test func `random keys have 256 bits, differ, and are read back`() {
        var generator = SystemRandomNumberGenerator()
        let keys = (0..<100).map { _ in WebhookKey.random(using: &generator) }
        #expect(Set(keys).count == 100)
        for key in keys {
            #expect(key.secret.wholeMatch(of: /[0-9a-f]{64}/) != nil)
            #expect(WebhookKey(key.secret) == key)
        }
    }

    @Test(arguments: ["", String(repeating: "a", count: 63), String(repeating: "a", count: 65), String(repeating: "A", count: 64)])
    func `other texts are no key`(text: String) {
        #expect(WebhookKey(text) == nil)
    }

    @Test func `a key is hidden wherever what holds it is printed`() throws {
        let key = try #require(WebhookKey(String(repeating: "ab", count: 32)))
        var submission = Submission()
        try submission.claimForSubmit(at: .epoch, by: 1, route: "bfl/flux-1-dev", webhookKey: key)
        var dumped = ""
        dump(submission, to: &dumped)
        for text in ["\(key)", "\(submission)", String(reflecting: submission), dumped] { #expect(!text.contains("abab")) }
    }
}
