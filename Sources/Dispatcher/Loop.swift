import Jobs
import Logging
import ServiceLifecycle

/// Looks for work, waits, and looks again: the one place where a service sleeps.
struct Loop: Sendable {
    /// How long after a failure of the store it is tried again.
    static let retryInterval: Duration = .seconds(1)

    let clock: any Clock<Duration>
    let now: @Sendable () -> Timestamp
    let logger: Logger
    private let bell = Bell()

    init(_ surroundings: Surroundings) {
        clock = surroundings.clock
        now = surroundings.now
        logger = surroundings.logger
        surroundings.store.observeChanges { [bell] in bell.ring() }
    }

    /// Calls `look` at once, and again when the moment that it returned has come or the store has changed, until the service
    /// is told to stop. A call of `look` is never cut short by that.
    func run(_ look: () async throws -> Timestamp?) async {
        await withGracefulShutdownHandler {
            while !Task.isShuttingDownGracefully, !Task.isCancelled {
                do {
                    await wait(until: try await look())
                } catch {
                    logger.error("The store failed", metadata: ["error": "\(error)"])
                    await wait(until: now() + Self.retryInterval)
                }
            }
        } onGracefulShutdown: {
            bell.ring()
        }
    }

    /// Does what must not be lost, again and again until it succeeds or the service is told to stop.
    ///
    /// - Throws: The latest error when it is told to stop, and at once what `isFinal` says no repetition can mend.
    func insist<Result>(unless isFinal: (any Error) -> Bool, on body: () async throws -> Result) async throws -> Result {
        while true {
            do {
                return try await body()
            } catch {
                guard !isFinal(error), !Task.isShuttingDownGracefully, !Task.isCancelled else { throw error }
                logger.error("The store failed, trying again", metadata: ["error": "\(error)"])
                await wait(until: now() + Self.retryInterval)
            }
        }
    }

    private func wait(until moment: Timestamp?) async {
        guard let moment else { return await bell.wait() }
        await withTaskGroup { group in
            group.addTask { try? await clock.sleep(for: moment - now()) }
            group.addTask { await bell.wait() }
            await group.next()
            group.cancelAll()
        }
    }
}
