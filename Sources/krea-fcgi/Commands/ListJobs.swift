import ArgumentParser
import Jobs
import SQLiteStore

/// Lists the jobs of all clients for the operator.
struct ListJobs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Lists jobs, newest first, one per line, without prompts.")

    @Option(help: "The most jobs to list, 1 to 100000.")
    var limit = 50

    @Option(help: "Only jobs in this state: \(states).", transform: Self.readState)
    var state: JobState?

    private static let states = JobState.allCases.map(\.rawValue).joined(separator: ", ")

    private static func readState(_ text: String) throws -> JobState {
        guard let state = JobState(rawValue: text) else { throw ValidationError("\"\(text)\" must be one of \(states).") }
        return state
    }

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit \(limit) must be 1 to 100000.") }
    }

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        let (store, now) = (try configuration.openExistingStore(), WallClock.now())
        if let hold = try store.overview(at: now).pace.hold(at: now) { Terminal.say(hold.line) }
        let page = try store.jobs(JobQuery(client: nil, limit: limit, states: state.map { [$0] }))
        for line in JobTable(page.items.map(\.job), now: now).lines { Terminal.say(line) }
    }
}
