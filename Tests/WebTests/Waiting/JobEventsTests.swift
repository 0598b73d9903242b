import Answers
import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// A job as server-sent events.
@Suite struct JobEventsTests {
    private let fixture = WebFixture(mayWait: true)

    /// What a piece of a stream has: the names of its events, and their data.
    private func events(_ text: String) -> [(id: String, state: String?)] {
        text.split(separator: "\n\n").compactMap { block in
            let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.count == 3, lines[0].hasPrefix("id: "), lines[1] == "event: job", lines[2].hasPrefix("data: {") else { return nil }
            return (String(lines[0].dropFirst(4)), lines[2].firstMatch(of: /"state":"(\w+)"/).map { String($0.1) })
        }
    }

    @Test func `each change is an event with the JSON and its ETag, and the end ends it for good`() throws {
        let driver = try JobDriver(fixture)
        let path = "/api/jobs/\(driver.id)/events"
        let first = try fixture.get(path)
        #expect(first.status == 200)
        #expect(first["Content-Type"] == "text/event-stream")
        #expect(first["Cache-Control"] == "no-store")
        #expect(first["X-Accel-Buffering"] == "no")
        #expect(first.text.hasPrefix("retry: 2000\n\n"))
        #expect(events(first.text).map(\.state) == ["waiting"])
        #expect(first.wait?.topic == Wait.topic(of: driver.id))
        #expect(first.wait?.timeout == .seconds(15))

        try driver.submit()
        let running = try #require(try first.next(.changed))
        #expect(events(running.text).map(\.state) == ["running"])
        let json = try fixture.get("/api/jobs/\(driver.id)")
        let tag = try #require(json["ETag"])
        #expect(running.text == "id: \(tag)\nevent: job\ndata: \(json.text)\n\n")
        // Another job may have the same topic.
        let nothing = try #require(try running.next(.changed))
        #expect(nothing.text == "")
        #expect(nothing.wait != nil)
        // Who comes back with what it has gets no event of it.
        let again = try fixture.get(path, [.lastEventID: tag])
        #expect(again.text == "retry: 2000\n\n")
        #expect(again.wait != nil)

        try driver.poll(KreaJob(id: "k", status: "completed", urls: ["https://krea.ai/1.png"]))
        let last = try #require(try nothing.next(.changed))
        #expect(events(last.text).map(\.state) == ["completed"])
        #expect(last.wait == nil)
        let end = try #require(events(last.text).first?.id)
        #expect(try fixture.get(path, [.lastEventID: end]).status == 204)
        let late = try fixture.get(path, [.lastEventID: tag])
        #expect(events(late.text).map(\.id) == [end])
        #expect(late.wait == nil)
    }

    @Test func `a comment says every 15 seconds that it is still there, however often others change, and it lasts 60 seconds at most`()
        throws
    {
        let driver = try JobDriver(fixture)
        try driver.submit()
        var answer = try fixture.get("/api/jobs/\(driver.id)/events")
        let start = fixture.time.now
        var (spoken, comments) = (start, 0)
        while answer.wait != nil {
            fixture.time.advance(by: .seconds(1))
            let isDue = answer.wait?.timeout == .seconds(1)
            answer = try #require(try answer.next(isDue ? .due : .changed))
            if answer.text == ":\n\n" {
                comments += 1
                #expect(fixture.time.now - spoken == .seconds(15))
            }
            if !answer.text.isEmpty { spoken = fixture.time.now }
            #expect(fixture.time.now - spoken <= .seconds(15))
        }
        #expect(fixture.time.now - start == .seconds(60))
        #expect(comments > 0)
    }

    @Test func `when the server stops, or may hold no more, its reader asks again, and not all at once`() throws {
        let driver = try JobDriver(fixture)
        try driver.submit()
        let last = try #require(try fixture.get("/api/jobs/\(driver.id)/events").next(.stopping))
        #expect(last.text == "retry: 1000\n\n")
        #expect(last.wait == nil)
        #expect(JobEvents.retry.count > 1000)
        #expect(JobEvents.retryAfterStop.count > 5000)
        let full = WebFixture(mayWait: false)
        let answer = try full.get("/api/jobs/\(JobDriver(full).id)/events")
        #expect(answer.status == 200)
        #expect(events(answer.text).count == 1)
        #expect(answer.wait == nil)
    }

    @Test func `HEAD has the head alone, an unknown job is 404 in JSON, one that goes ends the stream, and another method is 405`() throws {
        let driver = try JobDriver(fixture)
        let path = "/api/jobs/\(driver.id)/events"
        let head = try fixture.send(.head, path)
        #expect(head.status == 200)
        #expect(head["Content-Type"] == "text/event-stream")
        #expect(head.wait == nil)
        let unknown = try fixture.get("/api/jobs/\(JobID.sample(99))/events")
        #expect(unknown.status == 404)
        #expect(unknown.json["code"] == "unknown_job")
        #expect(try fixture.get("/api/jobs/x/events").status == 404)
        #expect(try fixture.send(.post, path)["Allow"] == "GET, HEAD")
        let held = try fixture.get(path)
        try driver.submit(.refused(JobFailure(.refused)))
        fixture.time.advance(by: .seconds(1))
        #expect(try fixture.store.removeFinished(before: fixture.time.now) == 1)
        let last = try #require(try held.next(.changed))
        #expect(last.text == "")
        #expect(last.wait == nil)
        #expect(try fixture.get(path).status == 410)
    }

    @Test func `the ID of a job is the right to read it, but a user's is for that user`() throws {
        let made = try fixture.send(
            .post, "/api/jobs", user: "ann", [.contentType: "application/json"], #"{"prompt": "a lighthouse"}"#)
        let path = try #require(made["Location"]) + "/events"
        #expect(try fixture.get(path, user: "ann").status == 200)
        #expect(try fixture.get(path).status == 404 && fixture.get(path, user: "eve").status == 404)
        let keyed = WebFixture(keyOwner: { $0 == "k" ? Client(keyName: "shop") : nil }, mayWait: true)
        let sold = try keyed.postJSON(#"{"prompt": "x"}"#, [.authorization: "Bearer k"])
        let events = try #require(sold["Location"]) + "/events"
        #expect(try keyed.get(events).status == 200)
        #expect(try keyed.get(events, [.authorization: "Bearer wrong"]).status == 401)
    }
}
