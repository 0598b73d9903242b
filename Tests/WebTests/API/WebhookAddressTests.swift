import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Telling of the end.
@Suite struct WebhookAddressTests {
    private static let url = "https://hooks.example.org/end"
    private static let field = HTTPField.Name("X-Webhook-URL")!
    private let fixture = WebFixture(settings: .init(webhookHosts: WebhookHosts("hooks.example.org", simulated: false)!))

    private static func body(_ url: String?) -> String {
        "{\"prompt\": \"a lighthouse\"\(url.map { ", \"webhook_url\": \"\($0)\"" } ?? "")}"
    }

    @Test(arguments: [true, false])
    func `an address is taken from the member or from the header field, and its host shown on the job`(isMember: Bool) throws {
        let answer = try isMember ? fixture.postJSON(Self.body(Self.url)) : fixture.postJSON(Self.body(nil), [Self.field: Self.url])
        #expect(answer.status == 202)
        #expect(answer.json["webhook"]?.members?["host"] == "hooks.example.org")
        #expect(answer.json["webhook"]?.members?["state"] == "pending")
        #expect(answer.json["webhook"]?.members?["attempts"] == 0)
        #expect(answer.json["webhook"]?.members?["next_attempt_at"] == .null)
        #expect(try fixture.jobs.first?.delivery?.url == Self.url)
    }

    @Test func `Krea's own routes take it too`() throws {
        let answer = try fixture.postJSON(Self.body(nil), to: "/api/generate/image/bfl/flux-1-dev", [Self.field: Self.url])
        #expect(answer.status == 200)
        #expect(answer.json["webhook"]?.members?["host"] == "hooks.example.org")
        #expect(try fixture.jobs.first?.delivery?.url == Self.url)
        let refused = try fixture.postJSON(Self.body(nil), to: "/api/generate/image/bfl/flux-1-dev", [Self.field: "https://x.example/"])
        #expect(refused.status == 422)
    }

    @Test func `a job that nobody wants to hear of says so`() throws {
        #expect(try fixture.postJSON(Self.body(nil)).json["webhook"] == .null)
    }

    @Test func `the same address given twice is one, two are refused`() throws {
        #expect(try fixture.postJSON(Self.body(Self.url), [Self.field: Self.url]).status == 202)
        let answer = try fixture.postJSON(Self.body(Self.url), [Self.field: "https://hooks.example.org/other"])
        #expect(answer.status == 422)
        #expect(answer.json["error"] == "webhook_url is given twice, once as X-Webhook-URL.")
    }

    @Test func `an address that may not be called is refused, with the name under which it was given`() throws {
        let member = try fixture.postJSON(Self.body("https://elsewhere.example/"))
        #expect(member.status == 422)
        #expect(member.json["error"] == "webhook_url has the host elsewhere.example, which the operator does not allow.")
        let field = try fixture.postJSON(Self.body(nil), [Self.field: "http://hooks.example.org/"])
        #expect(field.status == 422)
        #expect(field.json["error"] == "X-Webhook-URL must start with https://.")
        #expect(try fixture.jobs.isEmpty)
    }

    @Test func `where no host is allowed, an address is refused with the sentence that it is off`() throws {
        let answer = try WebFixture().postJSON(Self.body(Self.url))
        #expect(answer.status == 422)
        #expect(answer.json["error"]?.text?.hasPrefix("webhook_url cannot be used here: the operator has allowed no host") == true)
    }

    @Test func `the page and the JSON say how far it is, and a finished job is not kept before it is told`() throws {
        let id = try #require(JobID(try fixture.postJSON(Self.body(Self.url)).json["job_id"]?.text ?? ""))
        _ = try fixture.store.cancel(id, at: fixture.time.now)
        #expect(try fixture.get("/api/jobs/\(id)")["Cache-Control"] == "private, no-cache")
        #expect(try fixture.get("/jobs/\(id)").text.contains(">hooks.example.org will be notified."))
        for outcome in [DeliveryOutcome.failed("status 500"), .delivered(status: 200)] {
            guard let due = try fixture.store.job(id)?.job.delivery?.nextAttemptAt else { throw UnknownJob(id: id) }
            fixture.time.advance(to: due)
            let (attempt, _) = try fixture.store.claimDelivery(by: fixture.epoch, at: due).granted()
            try fixture.store.recordDelivery(outcome, for: attempt, at: due)
            if case .failed = outcome {
                #expect(try fixture.get("/jobs/\(id)").text.contains("attempt 2 is at 12:00:10 UTC."))
                #expect(try fixture.get("/api/jobs/\(id)").json["webhook"]?.members?["attempts"] == 1)
            }
        }
        #expect(try fixture.get("/jobs/\(id)").text.contains(">hooks.example.org has been notified."))
        let answer = try fixture.get("/api/jobs/\(id)")
        #expect(answer["Cache-Control"] == "private, max-age=86400")
        #expect(answer.json["webhook"]?.members?["state"] == "delivered")
    }

    @Test func `a message says what the address of the job says`() throws {
        let id = try #require(JobID(try fixture.postJSON(Self.body(Self.url)).json["job_id"]?.text ?? ""))
        _ = try fixture.store.cancel(id, at: fixture.time.now)
        let queued = try #require(try fixture.store.job(id))
        let message = JobMessage(publicURL: nil, keepsPictures: false, rules: fixture.store.rules)
        let body = message.body(queued, now: fixture.time.now)
        #expect(try String(decoding: body, as: UTF8.self) == fixture.get("/api/jobs/\(id)").text)
    }
}
