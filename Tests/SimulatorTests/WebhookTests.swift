import FoundationEssentials
import HTTPTypes
import Testing

@testable import krea_simulator

/// Webhooks.
@Suite struct WebhookTests {
    static let url = "http://127.0.0.1:9/hook"

    private func account(_ prompt: String, url: String = url) -> (Account, Reaction) {
        let account = Account()
        return (account, account.submit(["prompt": .string(prompt)], webhook: url))
    }

    @Test func `a webhook gets due when its job ends, once, with the job as a poll reads it`() throws {
        let (account, reaction) = account("cat")
        let id = try #require(reaction.jobID)
        let end = account.now + 12_000
        #expect(account.krea.nextEvent(after: account.now) == end)
        #expect(account.krea.dueWebhooks(at: end - 1) == [])
        let due = account.krea.dueWebhooks(at: end)
        account.now = end
        #expect(due.map(\.body) == [account.poll(id).body])
        #expect(due.first?.url.absoluteString == Self.url)
        #expect(account.krea.dueWebhooks(at: end + 1) == [])
        #expect(account.krea.nextEvent(after: 0) == nil)
    }

    @Test func `cancelling a job brings its webhook forward`() throws {
        let (account, reaction) = account("cat")
        account.now += 5
        _ = account.request(.delete, "/jobs/" + (try #require(reaction.jobID)))
        let due = account.krea.dueWebhooks(at: account.now)
        #expect(try due.map { try JSON($0.body)["status"] } == ["cancelled"])
    }

    @Test func `a webhook is sent twice, never or early where it is told to`() throws {
        let (twice, _) = account("[[webhook-twice]]")
        #expect(twice.krea.dueWebhooks(at: twice.now + 12_000).count == 2)
        let (never, _) = account("[[webhook-never]]")
        #expect(never.krea.dueWebhooks(at: never.now + 12_000).isEmpty)
        let (early, reaction) = account("[[webhook-early]]")
        #expect(try reaction.webhooks.map { try JSON($0.body)["status"] } == ["completed"])
        #expect(early.krea.dueWebhooks(at: early.now + 12_000).isEmpty)
    }

    @Test(arguments: ["http://example.com/", "https://127.0.0.1/", "x", ""])
    func `an address that is not on this machine is never called`(_ url: String) {
        let (account, reaction) = account("cat", url: url)
        #expect(reaction.code == 200)
        #expect(account.krea.dueWebhooks(at: account.now + 12_000).isEmpty)
    }
}
