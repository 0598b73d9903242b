import Jobs
import KreaAPI
import Logging
import Synchronization

/// Finds out from Krea's own list what became of submissions whose answer was lost: page by page, each a call of its own, no further back
/// than is needed.
final class Reconciler: DispatchService {
    let context: ServiceContext
    private let progress = Mutex(ListLook())
    private var dependencies: Dependencies { context.dependencies }

    init(context: ServiceContext) {
        self.context = context
    }

    func runOnce() async throws -> Timestamp? {
        try await context.whileGranted {
            try $0.claimList(by: $1, at: $2)
        } make: {
            try await settle($1)
        }
    }

    private func settle(_ call: Call) async throws {
        let (limit, cursor) = progress.withLock { look in
            look.begin(call)
            return (look.limit, look.cursor)
        }
        let outcome: ListOutcome
        var line: Logger.Metadata
        let measured = dependencies.meter.begin(call, clock: dependencies.clock)
        do throws(KreaError) {
            let page = try await dependencies.krea.jobs(limit: limit, after: cursor)
            let list = progress.withLock { $0.add(page, for: call) }
            outcome = .answered(list)
            line = measured.end(outcome.word)
            line["jobs"] = "\(page.jobs.count)"
            line["page"] = "\(list.pages)"
        } catch {
            outcome = note(error)
            line = measured.end(outcome.word, error)
        }
        line["limit"] = "\(limit)"
        let found = try dependencies.store {
            try $0.recordList(outcome, for: call, at: $1, isGone: dependencies.liveness.isGone)
        }
        if case .answered = outcome, !found.goesOn { progress.withLock { $0.end() } }
        dependencies.logger.info("Asked Krea for its list of jobs", metadata: line)
        for job in found.settled {
            dependencies.logger.notice(
                "Found out what became of a lost answer",
                metadata: [
                    "job": "\(job.id)", "state": "\(job.state.rawValue)", "failed_attempts": "\(job.failedAttempts)",
                    "krea_jobs": "\(job.submissions.map { $0.kreaID ?? "-" }.joined(separator: " "))",
                ])
            for part in 1...job.submissions.count { dependencies.warnOfForeignResults(in: job, part: part) }
        }
    }

    /// A page brought nothing. Returns what that means, and lets the next one be smaller where that may help.
    private func note(_ error: KreaError) -> ListOutcome {
        switch error {
        case .tooLarge:
            if progress.withLock({ $0.shrinkPage() }) { return .tooLarge }
        case .unreadable:
            _ = progress.withLock { $0.shrinkPage() }
        case .trouble, .noAnswer:
            progress.withLock { $0.easePage() }
        default: break
        }
        return ListOutcome(error)
    }
}
