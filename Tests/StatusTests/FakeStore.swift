import Dispatch
import Jobs
import Synchronization

/// A store that is as the test wants it: full of things, broken, or one that does not answer.
final class FakeStore: StatusStore {
    struct Broken: Error, CustomStringConvertible {
        let description = "the disk is full"
    }

    struct State {
        var ledger: [Call] = []
        var overview = StoreOverview(
            submissions: [.waiting: 2, .running: 1], finishedJobs: 7, oldestWaitingSince: nil, duePolls: 1, pace: Pace(),
            term: LeaderTerm(epoch: 3, heartbeatAt: .epoch), catalogueReadAt: nil, bytes: 4096, logBytes: 1024, latestCall: 0,
            spentToday: Money(usd: 1.5), spendLimit: nil)
        var isReadable = true
        var isWritable = true
        var writes = 0
        var reads = 0
    }

    let rules = PaceRules()
    let state = Mutex(State())
    private let gate = DispatchSemaphore(value: 1)

    /// Nobody gets an answer until ``release()``.
    func hold() { gate.wait() }
    func release() { gate.signal() }

    private func pass() {
        hold()
        release()
    }

    var ledger: [Call] {
        get { state.withLock { $0.ledger } }
        set { state.withLock { $0.ledger = newValue } }
    }

    func overview(at now: Timestamp) throws -> StoreOverview {
        pass()
        return try state.withLock { state in
            state.reads += 1
            guard state.isReadable else { throw Broken() }
            return state.overview
        }
    }

    func proveWritable() throws {
        pass()
        try state.withLock { state in
            state.writes += 1
            guard state.isWritable else { throw Broken() }
        }
    }

    func calls(after id: Int64, limit: Int) throws -> [Call] {
        Array(ledger.filter { $0.id > id }.prefix(limit))
    }
}
