import ArgumentParser
import Jobs
import SQLiteStore

/// Lets the queue go on that the operator, a used-up balance or a refused token holds.
struct ContinueQueue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "continue",
        abstract: "Lets the queue go on at once that pause, a 402 or a 401 holds.",
        discussion: "A running service notices by itself. A new token, after a reload or a restart, ends what a 402 or a 401 holds."
    )

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        try configuration.openExistingStore().release()
        Terminal.say("Nothing holds the queue any more. The pace stays as it is.")
    }
}
