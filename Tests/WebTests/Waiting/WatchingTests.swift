import Answers
import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Watching a job without a script.
@Suite struct WatchingTests {
    private static func world() -> WebFixture { WebFixture(mayWait: true) }

    @Test func `the page comes bit by bit: a line for each change, then the picture, in one answer`() throws {
        let fixture = Self.world()
        let driver = try JobDriver(fixture)
        let first = try fixture.get("/jobs/\(driver.id)")
        #expect(first["X-Accel-Buffering"] == "no")
        #expect(first["Cache-Control"] == "no-store")
        #expect(first.text.contains("<strong>In the queue</strong>"))
        #expect(!first.text.contains("</main>"))
        #expect(first.text.contains("data-streamed"))
        #expect(!first.text.contains("http-equiv"))
        let topic = Wait.topic(of: driver.id)
        #expect(first.wait?.topic == topic)
        #expect(first.wait?.timeout == .seconds(15))

        try driver.submit()
        let submitted = try #require(try first.next(.changed))
        #expect(submitted.text.contains("<strong>In progress</strong> Krea is working on it: queued."))
        #expect(submitted.fields.isEmpty)
        #expect(submitted.wait?.topic == topic)
        // Another job may have the same topic.
        let unchanged = try #require(try submitted.next(.changed))
        #expect(unchanged.text == "")
        #expect(unchanged.wait != nil)
        let quiet = try #require(try unchanged.next(.due))
        #expect(quiet.text == "\n")
        #expect(quiet.wait != nil)
        try driver.poll(KreaJob(id: "k", status: "sampling"))
        let sampling = try #require(try quiet.next(.changed))
        #expect(sampling.text.contains("Krea is working on it: sampling."))
        try driver.poll(KreaJob(id: "k", status: "completed", urls: ["https://krea.ai/1.png"]))
        let last = try #require(try sampling.next(.changed))
        #expect(last.text.contains("<img src=\"https://krea.ai/1.png\"") && last.text.contains("</html>"))
        #expect(!last.text.contains("http-equiv"))
        #expect(last.wait == nil)
    }

    @Test func `an answer lasts 60 seconds at most, and then sends the reader to the next`() throws {
        let fixture = Self.world()
        let driver = try JobDriver(fixture)
        var answer = try fixture.get("/jobs/\(driver.id)")
        let start = fixture.time.now
        fixture.time.advance(by: .seconds(50))
        answer = try #require(try answer.next(.due))
        #expect(answer.wait?.timeout == .seconds(10))
        while let wait = answer.wait {
            fixture.time.advance(by: wait.timeout)
            answer = try #require(try answer.next(.due))
        }
        #expect(fixture.time.now - start == .seconds(60))
        #expect(answer.text.contains("<meta http-equiv=\"refresh\" content=\"0\">"))
        #expect(answer.text.contains("<a href=\"/jobs/\(driver.id)\">Check for updates</a>"))
    }

    @Test func `when the server stops the reader is sent to the next answer at once`() throws {
        let fixture = Self.world()
        let driver = try JobDriver(fixture)
        let last = try #require(try fixture.get("/jobs/\(driver.id)").next(.stopping))
        #expect(last.wait == nil)
        #expect(last.text.contains("<meta http-equiv=\"refresh\" content=\"0\">"))
        #expect(last.text.contains("</html>"))
    }

    @Test func `a reader of a job that is gone is sent to a page that says so`() throws {
        let fixture = Self.world()
        let driver = try JobDriver(fixture)
        let first = try fixture.get("/jobs/\(driver.id)")
        try driver.submit(.refused(JobFailure(.refused)))
        fixture.time.advance(by: .seconds(1))
        #expect(try fixture.store.removeFinished(before: fixture.time.now) == 1)
        let last = try #require(try first.next(.changed))
        #expect(last.text.contains("<meta http-equiv=\"refresh\" content=\"0\">"))
        #expect(last.text.contains("</html>"))
        #expect(last.text.contains("<a href=\"/jobs/\(driver.id)\">Check for updates</a>"))
        #expect(last.wait == nil)
    }

    @Test func `while no answer may wait the page is whole, and is asked for again`() throws {
        let fixture = WebFixture(mayWait: false)
        let driver = try JobDriver(fixture)
        let answer = try fixture.get("/jobs/\(driver.id)")
        #expect(answer.wait == nil)
        #expect(answer.text.contains("<noscript><meta http-equiv=\"refresh\""))
    }

    @Test func `a browser with the script, HEAD, and a job with an end get the whole page at once`() throws {
        let fixture = Self.world()
        let driver = try JobDriver(fixture)
        #expect(try fixture.get("/jobs/\(driver.id)", [.cookie: "a=b; script=1"]).wait == nil)
        #expect(try fixture.send(.head, "/jobs/\(driver.id)").wait == nil)
        try driver.submit(.refused(JobFailure(.refused)))
        #expect(try fixture.get("/jobs/\(driver.id)").wait == nil)
    }
}

extension Answer {
    /// The next piece of an answer that waits.
    func next(_ occasion: Wait.Occasion) throws -> Answer? { try wait.map { try Answer($0.next(occasion)) } }
}
