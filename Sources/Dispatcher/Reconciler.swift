import Jobs
import KreaAPI
import Logging
import Synchronization

/// Finds out from Krea's own list what became of submissions whose answer was lost: page by page, each a call of its own, no further back
/// than is needed.
final class Reconciler: DispatchService {
    let context: ServiceContext
    private let progress = Mutex(ListReading())
    private var dependencies: Dependencies { context.dependencies }

    init(context: ServiceContext) {
        self.context = context
    }

    func runOnce() async throws -> Timestamp? {
        try await context.whileGranted {
            try $0.claimList(by: $1, at: $2)
        } make: {
            try await settle($0.call)
        }
    }

    private func settle(_ call: Call) async throws {
        let (limit, cursor) = progress.withLock { reading in
            reading.begin(call)
            return (reading.limit, reading.cursor)
        }
        let found = try await context.make(call, "Asked Krea for its list of jobs", ["limit": "\(limit)"]) {
            () async throws(KreaError) -> AccountList in
            do throws(KreaError) {
                let page = try await dependencies.krea.jobs(limit: limit, after: cursor)
                return progress.withLock { $0.add(page, for: call) }
            } catch {
                throw easeNextPage(after: error)
            }
        } record: { result, store, now, line in
            let found = try store.recordList(result, for: call, at: now, isGone: dependencies.liveness.isGone)
            if case .answered(let list) = result {
                line["jobs"] = "\(list.jobs.count)"
                line["page"] = "\(list.pages)"
                if !found.goesOn { progress.withLock { $0.end() } }
            }
            return found
        }
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

    /// A page brought nothing: lets the next one be smaller where that may help. Returns the error as it counts: a page that is too large
    /// though it is the smallest cannot be read.
    private func easeNextPage(after error: KreaError) -> KreaError {
        progress.withLock { reading in
            switch error {
            case .tooLarge: return reading.shrinkPage() ? error : .unreadable
            case .unreadable: _ = reading.shrinkPage()
            case .trouble, .noAnswer: reading.easePage()
            default: break
            }
            return error
        }
    }
}
