@testable import Jobs
import TestSupport
import Testing
import Web

/// When a job's end is told, and how often.
@Suite struct WebhookDeliveryTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    /// A job that ended at `start`, and wants to be told of.
    private func ended() throws -> Job {
        let sample = try Job.sample(at: start)
        var job = Job(
            id: sample.id, request: sample.request, client: sample.client, createdAt: start,
            delivery: WebhookDelivery(url: "https://hooks.example.org/"))
        try job.cancel(at: start)
        job.planDelivery()
        return job
    }

    /// Makes an attempt when it is due, and says when that was.
    private func attempt(_ job: inout Job, _ outcome: DeliveryOutcome) throws -> Timestamp {
        let due = try #require(job.delivery?.nextAttemptAt)
        #expect(job.delivery?.claim(at: due) == true)
        let attempt = try #require(DeliveryAttempt(of: job, by: 1))
        job.delivery?.record(outcome, of: attempt, at: due)
        return due
    }

    @Test func `nothing is due before the end, and the end is due at once`() throws {
        let sample = try Job.sample(at: start)
        var job = Job(id: sample.id, request: sample.request, client: sample.client, createdAt: start, delivery: WebhookDelivery(url: "u"))
        job.planDelivery()
        #expect(job.delivery == WebhookDelivery(url: "u"))
        #expect(try ended().delivery?.nextAttemptAt == start)
        #expect(try ended().delivery?.number == 1)
    }

    @Test func `planning again changes nothing`() throws {
        var job = try ended()
        _ = try attempt(&job, .failed("no answer"))
        let before = job
        job.planDelivery()
        #expect(job == before)
    }

    @Test func `an attempt that fails is followed by five more within about an hour, then it is given up`() throws {
        var job = try ended()
        var moments: [Timestamp] = []
        while job.delivery?.state == .pending { moments.append(try attempt(&job, .failed("status 500"))) }
        #expect(moments.map { $0 - start } == [0, 10, 70, 370, 1270, 3670].map { .seconds($0) })
        #expect(job.delivery?.state == .failed)
        #expect(job.delivery?.attempts == 6)
        #expect(job.delivery?.nextAttemptAt == nil)
        #expect(job.delivery?.outcome == "status 500")
    }

    @Test func `an attempt that is taken is the last, and one that gets 410 too`() throws {
        var job = try ended()
        _ = try attempt(&job, .failed("status 500"))
        _ = try attempt(&job, .delivered(status: 200))
        #expect(job.delivery?.state == .delivered)
        #expect(job.delivery?.attempts == 2)
        #expect(job.delivery?.nextAttemptAt == nil)
        var unwanted = try ended()
        _ = try attempt(&unwanted, .gone)
        #expect(unwanted.delivery?.state == .failed)
        #expect(unwanted.delivery?.nextAttemptAt == nil)
    }

    @Test func `an attempt that is never recorded is made up for after its time-out and the pause, and counts`() throws {
        var job = try ended()
        var moments: [Timestamp] = []
        while let due = job.delivery?.nextAttemptAt, job.delivery?.claim(at: due) == true { moments.append(due) }
        #expect(moments.map { $0 - start } == [0, 20, 90, 400, 1310, 3720].map { .seconds($0) })
        #expect(job.delivery?.state == .failed)
    }

    @Test func `what an earlier attempt brings too late changes nothing`() throws {
        var job = try ended()
        _ = job.delivery?.claim(at: start)
        let late = try #require(DeliveryAttempt(of: job, by: 1))
        _ = job.delivery?.claim(at: start + .seconds(20))
        let before = job
        job.delivery?.record(.delivered(status: 200), of: late, at: start + .seconds(21))
        #expect(job == before)
    }

    @Test func `a job that timed out and goes on is told of again at its next end, with another message`() throws {
        var job = try ended()
        let first = try #require(DeliveryAttempt(of: job, by: 1)).messageID
        _ = try attempt(&job, .failed("status 500"))
        job.delivery?.follow(end: nil)
        #expect(job.delivery?.nextAttemptAt == nil)
        job.delivery?.follow(end: start + .seconds(600))
        #expect(job.delivery?.nextAttemptAt == start + .seconds(600))
        #expect(job.delivery?.attempts == 0)
        #expect(job.delivery?.state == .pending)
        #expect(try #require(DeliveryAttempt(of: job, by: 1)).messageID != first)
    }

    @Test func `the message has the same name in every attempt`() throws {
        var job = try ended()
        var names: Set<String> = []
        for _ in 1...6 {
            _ = try attempt(&job, .failed("no answer"))
            names.insert(try #require(DeliveryAttempt(of: job, by: 1)).messageID)
        }
        #expect(names == ["\(job.id).1"])
    }
}

/// Which addresses may be told.
@Suite struct WebhookHostsTests {
    private static let hosts = WebhookHosts("hooks.example.org, .example.net ,*.Example.com", simulated: false)!

    @Test(arguments: [
        "https://hooks.example.org/end", "https://hooks.example.org", "https://hooks.example.org:8443/a?b=c&d", "https://a.example.net/",
        "https://a.b.example.net/", "https://a.example.com/", "HTTPS://HOOKS.Example.ORG/Case",
    ])
    func `an https address of a host that is listed is taken`(text: String) throws {
        let url = try #require(try Self.hosts.address(.string(text), named: "webhook_url"))
        #expect(WebhookURL(url)?.host == WebhookURL(text)?.host)
    }

    @Test(arguments: [
        "https://example.org/", "https://x.hooks.example.org/", "https://example.net/", "https://badexample.net/", "https://example.com/",
        "http://hooks.example.org/", "https://user@hooks.example.org/", "https://user:p@hooks.example.org/", "https://hooks.example.org/#f",
        "https://hooks.example.org./", "https://hooks.example.org:0/", "https://hooks.example.org:65536/", "https://127.0.0.1/",
        "https://[::1]/", "https://hooks.example.org%2eevil.example/", "https://hooks.example.org\\@evil.example/", "//hooks.example.org/",
        "https:///x", "https://hooks.example.org /", "https://hooks.exämple.org/", "ftp://hooks.example.org/", "", "x",
        "https://hooks.example.org/" + String(repeating: "a", count: 2048),
    ])
    func `every other address is refused with a sentence that names the member`(text: String) throws {
        let invalid = try #require(throws: InvalidRequest.self) { try Self.hosts.address(.string(text), named: "webhook_url") }
        #expect(invalid.problems.count == 1)
        #expect(invalid.problems[0].member == "webhook_url")
        #expect(invalid.problems[0].sentence.hasPrefix("webhook_url "))
    }

    @Test func `what is no text is refused, and nothing given is nothing`() throws {
        #expect(throws: InvalidRequest.self) { try Self.hosts.address(.number(1), named: "webhook_url") }
        #expect(try Self.hosts.address(nil, named: "webhook_url") == nil)
        #expect(try Self.hosts.address(.null, named: "webhook_url") == nil)
    }

    @Test func `without hosts every address is refused with the sentence that it is off`() throws {
        let invalid = try #require(throws: InvalidRequest.self) {
            try WebhookHosts.none.address("https://hooks.example.org/", named: "X-Webhook-URL")
        }
        #expect(
            invalid.problems[0].sentence
                == "X-Webhook-URL cannot be used here: the operator has allowed no host for it.")
    }

    @Test(arguments: [
        "", ",", "hooks.example.org,", "127.0.0.1", "localhost", "10.0.0.1", "[::1]", "a b", "*", "*.", ".", "-a.example", "a..b",
        "a_b.example",
        "https://example.org", "example.org:8443", "exämple.org",
    ])
    func `what is no list of host names is not taken`(text: String) {
        #expect(WebhookHosts(text, simulated: false) == nil)
    }

    @Test func `beside a simulator this machine can be listed, and is called over http`() throws {
        let hosts = try #require(WebhookHosts("127.0.0.1,hooks.example.org", simulated: true))
        #expect(try hosts.address("http://127.0.0.1:9/x", named: "webhook_url") == "http://127.0.0.1:9/x")
        #expect(throws: InvalidRequest.self) { try hosts.address("http://localhost:9/x", named: "webhook_url") }
        #expect(throws: InvalidRequest.self) { try hosts.address("http://127.0.0.2:9/x", named: "webhook_url") }
        #expect(throws: InvalidRequest.self) { try hosts.address("http://hooks.example.org/", named: "webhook_url") }
        #expect(WebhookHosts("10.0.0.1", simulated: true) == nil)
    }
}
