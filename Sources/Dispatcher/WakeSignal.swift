import Synchronization

/// Wakes the one task that waits for it. A signal that comes while none waits wakes the next one at once.
final class WakeSignal: Sendable {
    private enum State {
        case quiet
        case signalled
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    func signal() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            if case .awaited(let waiter) = state {
                state = .quiet
                return waiter
            }
            state = .signalled
            return nil
        }
        waiter?.resume()
    }

    /// Returns once there was a signal since the last wait. A task that is cancelled signals itself.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isSignalled = state.withLock { state in
                    if case .signalled = state {
                        state = .quiet
                        return true
                    }
                    state = .awaited(continuation)
                    return false
                }
                if isSignalled { continuation.resume() }
            }
        } onCancel: {
            signal()
        }
    }
}
