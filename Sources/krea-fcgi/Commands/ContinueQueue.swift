import ArgumentParser
import Jobs
import SQLiteStore

/// Lets the queue go on, whatever holds it, and says what that was.
struct ContinueQueue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "continue",
        abstract: "Lets the queue go on at once that pause, a 402, a 401, a long Retry-After or lost answers hold.",
        discussion: """
            A running service notices by itself. A new token, after a reload or a restart, ends what a 402 or a 401 holds. The silence of at least \
            30 s after a 429 is never made shorter.
            """
    )

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        let now = WallClock.now()
        let store = try configuration.openExistingStore()
        // What a step of the clock has moved is not too far ahead.
        try store.follow(WallClock.origin())
        for line in Self.lines(try store.release(at: now), hold: try store.overview(at: now).pace.hold(at: now)) { Terminal.say(line) }
    }

    /// What the command says that ended this, after which this still holds the queue.
    static func lines(_ ended: [EndedHold], hold: Hold?) -> [String] {
        ended.map(\.line) + [hold?.line ?? "Nothing holds the queue any more.", "The pace stays as it is."]
    }
}
