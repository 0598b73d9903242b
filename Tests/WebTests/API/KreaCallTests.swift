import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Krea's calls.
@Suite struct KreaCallTests {
    private static let key = WebhookKey(String(repeating: "0a", count: 32))!
    private static let address = "/api/webhooks/krea/\(key.secret)"

    /// A world with a running job that Krea has the address of.
    private func world() throws -> (WebFixture, JobID) {
        let fixture = WebFixture()
        let id = try JobDriver(fixture).id
        let (call, _) = try fixture.store.claimSubmit(by: fixture.epoch, at: fixture.time.now, webhookKey: Self.key).granted()
        try fixture.store.recordSubmit(.answered(KreaJob(id: "k", status: "queued")), for: call, at: fixture.time.now)
        return (fixture, id)
    }

    @Test(arguments: [address, "/api/webhooks/krea/" + String(repeating: "0b", count: 32), "/api/webhooks/krea/x", "/api/webhooks/krea/"])
    func `every call is answered alike, and only the one with the key has an effect`(path: String) throws {
        let (fixture, id) = try world()
        let due = try fixture.store.job(id)?.job[1].nextPollAt
        for body in ["", "{\"job_id\": \"k\", \"status\": \"completed\"}", "\u{0}nonsense"] {
            let answer = try fixture.send(.post, path, [:], body)
            #expect(answer.status == 204)
            #expect(answer.text.isEmpty)
            #expect(answer["Content-Type"] == nil)
        }
        let soon = fixture.time.now + .seconds(5)
        #expect(try fixture.store.job(id)?.job[1].nextPollAt == (path == Self.address ? soon : due))
        #expect(try fixture.store.job(id)?.job.state == .running)
    }

    @Test func `a call is no way in for another web site, and needs no key where programs need one`() throws {
        let (fixture, _) = try world()
        #expect(!Route(Self.address[...]).rules.needsKey(for: .post))
        #expect(try fixture.send(.post, Self.address, [.origin: "https://evil.example"]).status == 403)
        #expect(try fixture.send(.post, Self.address, address: "203.0.113.9").status == 204)
    }

    @Test func `the secret of the address is in no log`() throws {
        let (fixture, id) = try world()
        _ = try fixture.send(.post, Self.address)
        #expect(fixture.log.lines.contains { $0.contains("Krea has called") && $0.contains("\(id)") })
        #expect(!fixture.log.lines.contains { $0.contains(Self.key.secret) })
        #expect(try !fixture.get("/api/jobs/\(id)").text.contains(Self.key.secret))
        #expect(try !fixture.get("/jobs/\(id)").text.contains(Self.key.secret))
    }

    @Test func `what Krea may announce is kept by no cache beyond the moment of the earliest poll`() throws {
        let (fixture, id) = try world()
        let answer = try fixture.get("/api/jobs/\(id)")
        #expect(answer["Cache-Control"] == "max-age=5, stale-while-revalidate=1")
        #expect(answer["Retry-After"] == "5")
    }
}
