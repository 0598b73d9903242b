import ArgumentParser
import Jobs
import SQLiteStore

/// Reads the ledger of all calls to Krea and says whether the rules were kept.
struct AuditLedger: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Says whether every call to Krea kept the rules, and each day its limit; exits with 1 if one did not.",
        discussion: """
            Calls and days are judged by the configuration of this command, which should be that of the service, whatever it was then. It may be \
            running.
            """
    )

    /// How many calls are read at a time. The last part is the one that is not full: it is one view of the ledger's end, and only there
    /// a running service still changes something.
    private static let part = 10_000

    func run() throws {
        let configuration = try ServiceConfiguration(.present())
        let store = try configuration.openExistingStore()
        var audit = Audit(configuration.rules)
        var last: Int64 = 0
        while true {
            let calls = try store.calls(after: last, limit: Self.part)
            for call in calls { audit.read(call) }
            guard calls.count == Self.part, let end = calls.last else { break }
            last = end.id
        }
        let report = audit.report(configuration.rules, try store.spending(), configuration.limits.daily, at: WallClock.now())
        for line in report.lines { Terminal.say(line) }
        if !report.isClean { throw ExitCode.failure }
    }
}
