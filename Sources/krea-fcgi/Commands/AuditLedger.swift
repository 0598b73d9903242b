import ArgumentParser
import Jobs
import SQLiteStore

/// Audits the ledger of all calls to Krea.
struct AuditLedger: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Checks that every call to Krea kept the rules, and every day its limit; exits with 1 otherwise.",
        discussion: """
            Calls and days are judged by this command's present configuration, which should be the service's. The service may be running.
            """
    )

    /// Calls in one part. The last part is the one that is not full. Only its calls can still change, and it is read in one view.
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
