import Jobs
import KreaAPI
import Logging
import TestSupport

@testable import Dispatcher

/// A store, a simulated Krea and the services between them, in virtual time: hours pass in seconds.
final class World {
    let time = TestTime()
    let krea: SimulatedTransport
    let store: any JobStore
    private var submitter: Submitter
    private var poller: Poller
    private var accepted: UInt64 = 0

    init(_ krea: (TestTime) -> SimulatedTransport = { SimulatedTransport(time: $0) }, store: any JobStore = MemoryStore()) {
        self.krea = krea(time)
        self.store = store
        (submitter, poller) = Self.services(store, self.krea, time)
    }

    private static func services(_ store: any JobStore, _ krea: SimulatedTransport, _ time: TestTime) -> (Submitter, Poller) {
        let surroundings = Surroundings(
            store: store,
            krea: KreaClient(
                server: .krea, token: KreaToken("simulator")!, userAgent: "test", timeout: store.rules.requestTimeout, transport: krea),
            now: { time.now }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return (Submitter(surroundings), Poller(surroundings))
    }

    /// The services of another process on the same store; the old ones are gone with whatever they had in memory.
    func restart() {
        (submitter, poller) = Self.services(store, krea, time)
    }

    @discardableResult
    func accept(_ prompt: String) throws -> JobID {
        accepted += 1
        let job = try Job.sample(accepted, prompt: prompt, at: time.now)
        _ = try store.accept(job, key: nil)
        return job.id
    }

    /// Lets both services work until nothing is left to do, or until `moment`.
    func run(until moment: Timestamp? = nil) async throws {
        while true {
            let submitAt = try await submitter.submitWaiting()
            let pollAt = try await poller.claimDue { await poller.poll($0) }
            guard let next = [submitAt, pollAt].compactMap(\.self).min() else { return }
            if let moment, next >= moment { return time.advance(to: moment) }
            time.advance(to: next)
        }
    }

    func job(_ id: JobID) throws -> Job {
        guard let job = try store.job(id)?.job else { throw UnknownJob(id: id) }
        return job
    }

    /// What a new process would find when this one was killed right after it had claimed a submission.
    func killWhileSubmitting() throws {
        _ = try store.claimSubmit(at: time.now)
        restart()
    }
}
