import ArgumentParser
import Jobs
import SQLiteStore

/// Releases the queue from everything that holds it, and reports what that was.
struct ContinueQueue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "continue",
        abstract: "Releases the queue at once from a pause, a 402, a 401, a long Retry-After or lost answers.",
        discussion: """
            A running service notices by itself. A new token, after a reload or a restart, also ends a hold after a 402 or a 401. The silence of at \
            least 30 s after a 429 is never shortened.
            """
    )

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        let now = WallClock.now()
        let store = try configuration.openExistingStore()
        // First, so that times moved by a change of the clock do not count as too far ahead.
        try store.follow(WallClock.origin())
        for line in Self.lines(try store.release(at: now), hold: try store.overview(at: now).pace.hold(at: now)) { Terminal.say(line) }
    }

    /// The output after these holds ended. `hold` is what still holds the queue.
    static func lines(_ ended: [EndedHold], hold: Hold?) -> [String] {
        ended.map(\.line) + [hold?.line ?? "Nothing holds the queue any more.", "The pace stays as it is."]
    }
}
