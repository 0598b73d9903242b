import Jobs
import KreaAPI
import Logging

/// Finds out from Krea's own list what became of submissions whose answer was lost.
struct Reconciler: DispatchService {
    /// How many jobs of the account are looked at: at one submission in 10 s those of some hours.
    private static let listLength = 1000

    let rounds: Rounds
    private var surroundings: Surroundings { rounds.surroundings }

    func look() async throws -> Timestamp? {
        try await rounds.whileGranted {
            try $0.claimList(by: $1, at: $2)
        } make: {
            try await settle($1)
        }
    }

    private func settle(_ call: Call) async throws {
        let outcome: ListOutcome
        var line: Logger.Metadata
        let measured = surroundings.meter.begin(call, clock: surroundings.clock)
        do throws(KreaError) {
            let list = try await surroundings.krea.jobs(limit: Self.listLength)
            outcome = .answered(list)
            line = measured.end(outcome.word)
            line["jobs"] = "\(list.jobs.count)"
        } catch {
            outcome = ListOutcome(error)
            line = measured.end(outcome.word, error)
        }
        let settled = try surroundings.store {
            try $0.recordList(outcome, for: call, at: $1, isGone: surroundings.presence.isGone)
        }
        surroundings.logger.info("Asked Krea for its list of jobs", metadata: line)
        for job in settled {
            surroundings.logger.notice(
                "Found out what became of a lost answer",
                metadata: [
                    "job": "\(job.id)", "state": "\(job.state.rawValue)", "failed_attempts": "\(job.failedAttempts)",
                    "krea_jobs": "\(job.submissions.map { $0.kreaID ?? "-" }.joined(separator: " "))",
                ])
        }
    }
}
