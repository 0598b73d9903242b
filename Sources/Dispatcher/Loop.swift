import Jobs
import Logging
import Synchronization

/// Does what is due, waits, and does so again: the only place where a service sleeps.
final class Loop: Sendable {
    /// How long after a failure of the store it is tried again.
    static let retryInterval: Duration = .seconds(1)

    private struct State {
        var hasEnded = false
        /// The moment that it waits for; nil when it waits for none, or works just now.
        var nextRun: Timestamp?
        var whenEnded: (@Sendable () -> Void)?
    }

    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let wakeSignal = WakeSignal()
    private let state = Mutex(State())
    private let stopObserving: @Sendable () -> Void

    init(_ dependencies: Dependencies) {
        clock = dependencies.clock
        now = dependencies.now
        logger = dependencies.logger
        stopObserving = dependencies.store.observeChanges { [wakeSignal] in wakeSignal.signal() }
    }

    deinit { stopObserving() }

    var hasEnded: Bool { state.withLock { $0.hasEnded } || Task.isCancelled }

    /// Lets the loop run again at `moment` at the latest, though the store has not changed.
    func resume(at moment: Timestamp) {
        let runsInTime = state.withLock { $0.nextRun.map { $0 <= moment } ?? false }
        if !runsInTime { wakeSignal.signal() }
    }

    /// Lets the loop end once what it is doing is done.
    func end() {
        let whenEnded = state.withLock { state in
            state.hasEnded = true
            return state.whenEnded
        }
        whenEnded?()
        wakeSignal.signal()
    }

    /// Calls `body` when the loop is told to end, at once if it has been. Replaces what was to be called before.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        let hasEnded = state.withLock { state in
            state.whenEnded = body
            return state.hasEnded
        }
        if hasEnded { body() }
    }

    /// Calls `runOnce` at once, and again when the moment that it returned has come or the store has changed, until the loop is told to
    /// end or another dispatcher has taken over. That never cuts a call of `runOnce` short.
    func run(_ runOnce: () async throws -> Timestamp?) async {
        while !hasEnded {
            do {
                await wait(until: try await runOnce())
            } catch is LeadershipLost {
                return
            } catch {
                logger.error("The store failed", metadata: ["error": "\(error)"])
                await wait(until: now() + Self.retryInterval)
            }
        }
    }

    /// Does what must not be lost, again and again until it succeeds or the loop is told to end.
    ///
    /// - Throws: The latest error when it is told to end, and at once what no repetition can mend.
    func insist<Result>(on body: () throws -> Result) async throws -> Result {
        while true {
            do {
                return try body()
            } catch {
                let isFinal = error is LeadershipLost || error is IllegalTransition || error is UnknownJob
                guard !isFinal, !hasEnded else { throw error }
                logger.error("The store failed, trying again", metadata: ["error": "\(error)"])
                await wait(until: now() + Self.retryInterval)
            }
        }
    }

    private func wait(until moment: Timestamp?) async {
        guard let moment else { return await wakeSignal.wait() }
        state.withLock { $0.nextRun = moment }
        defer { state.withLock { $0.nextRun = nil } }
        await withTaskGroup { group in
            group.addTask { [clock, now] in try? await clock.sleep(for: moment - now()) }
            group.addTask { [wakeSignal] in await wakeSignal.wait() }
            await group.next()
            group.cancelAll()
        }
    }
}
