import Jobs
import Testing

@testable import krea_fcgi

/// What `krea-fcgi continue` says.
@Suite struct ContinueQueueTests {
    private let noon = Timestamp(milliseconds: 1_772_366_400_000)

    @Test func `each hold that was ended is a line, then what still holds, with dates`() {
        let ended: [EndedHold] = [
            .pause(because: "moving house"), .silence(until: noon + .seconds(86_400), now: noon + .seconds(30)), .timesAhead(3),
        ]
        #expect(
            ContinueQueue.lines(ended, hold: .rateLimited(until: noon + .seconds(30))) == [
                "Ended the pause: moving house",
                "Ended the silence that a Retry-After of Krea's asked for until 2026-03-02T12:00:00.000Z; ours ends 2026-03-01T12:00:30.000Z.",
                "Brought back 3 stored times that lay further ahead than any rule allows: the clock was wrong when they were stored.",
                "No calls until 2026-03-01T12:00:30.000Z: Krea answered 429.", "The pace stays as it is.",
            ])
        #expect(ContinueQueue.lines([], hold: nil) == ["Nothing holds the queue any more.", "The pace stays as it is."])
    }
}
