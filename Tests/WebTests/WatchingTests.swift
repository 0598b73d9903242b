import HTTPTypes
import Jobs
import Synchronization
import TestSupport
import Testing

@testable import Web

@Suite("Watching a job without a script")
struct WatchingTests {
    /// A world whose held threads see what happens next, one thing each second.
    private static func world(watchers: Int = 1, _ events: Events = Events()) -> WebFixture {
        WebFixture(watchers: watchers, whilePaused: { events.next() })
    }

    /// What happens in the seconds of a test, one after the other.
    private final class Events: Sendable {
        private let waiting = Mutex<[@Sendable () -> Void]>([])

        func set(_ events: [@Sendable () -> Void]) {
            waiting.withLock { $0 = events }
        }

        func next() {
            waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }?()
        }
    }

    /// All that a reader gets who reads up to `count` pieces.
    private func rest(_ answer: Answer, pieces count: Int = .max) -> [String] {
        var pieces: [String] = []
        guard let bring = answer.rest else { return [] }
        bring { bytes in
            pieces.append(String(decoding: bytes, as: UTF8.self))
            return pieces.count < count
        }
        return pieces
    }

    @Test("The page comes bit by bit: a line for each change, then the picture, in one answer")
    func wholeLife() throws {
        let events = Events()
        let fixture = Self.world(events)
        let driver = try JobDriver(fixture)
        events.set([
            { try? driver.submit() }, {}, { try? driver.poll(KreaJob(id: "k", status: "sampling")) },
            { try? driver.poll(KreaJob(id: "k", status: "completed", urls: ["https://krea.ai/1.png"])) },
        ])
        let answer = try fixture.get("/jobs/\(driver.id)")
        #expect(answer["X-Accel-Buffering"] == "no" && answer["Cache-Control"] == "no-store")
        #expect(answer.text.contains("<strong>In the queue</strong>") && !answer.text.contains("</main>"))
        #expect(answer.text.contains("data-streamed") && !answer.text.contains("http-equiv"))
        let pieces = rest(answer)
        #expect(pieces.count == 5)
        #expect(pieces[0].contains("<strong>In progress</strong> Krea is working on it: queued."))
        #expect(pieces[1] == "\n")
        #expect(pieces[2].contains("Krea is working on it: sampling."))
        #expect(pieces[3] == "\n")
        #expect(pieces[4].contains("<img src=\"https://krea.ai/1.png\"") && pieces[4].contains("</html>"))
        #expect(!pieces[4].contains("http-equiv"))
    }

    @Test("An answer lasts 60 seconds at most, and then sends the reader to the next")
    func longest() throws {
        let fixture = Self.world()
        let driver = try JobDriver(fixture)
        let pieces = try rest(fixture.get("/jobs/\(driver.id)"))
        #expect(pieces.count == 61)
        #expect(pieces[60].contains("<meta http-equiv=\"refresh\" content=\"0\">"))
        #expect(pieces[60].contains("<a href=\"/jobs/\(driver.id)\">Check for updates</a>"))
    }

    @Test("When the reader has gone nothing more is looked up")
    func gone() throws {
        let fixture = Self.world()
        let driver = try JobDriver(fixture)
        let start = fixture.time.now
        #expect(try rest(fixture.get("/jobs/\(driver.id)"), pieces: 3).count == 3)
        #expect(fixture.time.now - start == .seconds(3))
    }

    @Test("Who finds all streamLimit taken gets the whole page, which is asked for again; a seat is free again after its answer")
    func streamLimit() throws {
        let fixture = Self.world(watchers: 1)
        let driver = try JobDriver(fixture)
        do {
            let first = try fixture.get("/jobs/\(driver.id)")
            #expect(first.rest != nil)
            let second = try fixture.get("/jobs/\(driver.id)")
            #expect(second.rest == nil && second.text.contains("<noscript><meta http-equiv=\"refresh\""))
            _ = rest(first, pieces: 1)
        }
        #expect(try fixture.get("/jobs/\(driver.id)").rest != nil)
    }

    @Test("Whose browser runs the script, who sends HEAD, and who asks for a job with an end get the whole page at once")
    func atOnce() throws {
        let fixture = Self.world()
        let driver = try JobDriver(fixture)
        #expect(try fixture.get("/jobs/\(driver.id)", [.cookie: "a=b; script=1"]).rest == nil)
        #expect(try fixture.send(.head, "/jobs/\(driver.id)").rest == nil)
        try driver.submit(.refused(JobFailure(.refused)))
        #expect(try fixture.get("/jobs/\(driver.id)").rest == nil)
    }
}
