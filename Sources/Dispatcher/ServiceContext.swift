import Jobs
import KreaAPI
import Logging

/// What every service works with: the dependencies, the epoch in whose name it claims, and its loop.
struct ServiceContext: Sendable {
    let dependencies: Dependencies
    let epoch: Int
    let loop: Loop

    init(_ dependencies: Dependencies, _ epoch: Int) {
        self.dependencies = dependencies
        self.epoch = epoch
        loop = Loop(dependencies)
    }

    /// Does what the store grants, one after the other. Returns when it may grant the next; nil when there is nothing to do.
    func whileGranted<Granted>(
        _ claim: (any DispatchStore, _ epoch: Int, _ now: Timestamp) throws -> Claim<Granted>,
        make: (Granted) async throws -> Void
    ) async throws -> Timestamp? {
        while !loop.hasEnded {
            switch try dependencies.store({ try claim($0, epoch, $1) }) {
            case .granted(let granted): try await make(granted)
            case .notBefore(let moment): return moment
            case .nothing: return nil
            }
        }
        return nil
    }

    /// Makes the one call that was claimed, measures it, records how it ended, and logs it.
    ///
    /// Krea's ID of a paid job is in memory only until it is recorded, so the record of a submission is tried until it succeeds or the loop
    /// is told to end. If it never does, Krea's list has the job.
    ///
    /// - Parameters:
    ///   - details: What the log says besides what the call was, how it ended, and how long it took.
    ///   - ask: Makes the call.
    ///   - record: Records the result, and adds to what the log says.
    /// - Throws: What `record` throws.
    func make<Answer, Recorded>(
        _ call: Call, _ message: Logger.Message, _ details: Logger.Metadata = [:], ask: () async throws(KreaError) -> Answer,
        record: (CallResult<Answer>, any DispatchStore, _ now: Timestamp, inout Logger.Metadata) throws -> Recorded
    ) async throws -> Recorded {
        var line = details
        let elapsed = dependencies.clock.stopwatch()
        let result: CallResult<Answer>
        var failure: KreaError?
        do throws(KreaError) {
            result = .answered(try await ask())
        } catch {
            result = CallResult(error, of: call.kind)
            failure = error
            line["error"] = "\(error.logText)"
        }
        let time = elapsed()
        let outcome = result.outcome(of: call.kind)
        dependencies.meter.record(call.kind, outcome, failure, after: time)
        line["kind"] = "\(call.kind.rawValue)"
        line["outcome"] = "\(outcome.rawValue)"
        line["milliseconds"] = "\(time.millisecondsRoundedUp)"
        if call.job != .none {
            line["job"] = "\(call.job)"
            line["part"] = "\(call.part)"
        }
        do {
            func write() throws -> Recorded { try dependencies.store { try record(result, $0, $1, &line) } }
            let recorded = call.kind == .submit ? try await loop.insist(on: write) : try write()
            dependencies.logger.info(message, metadata: line)
            return recorded
        } catch {
            line["store_error"] = "\(error)"
            dependencies.logger.log(
                level: call.kind == .submit ? .critical : .error, "What Krea answered could not be stored", metadata: line)
            throw error
        }
    }
}
