import Dispatch
import FastCGI
import TestSupport

/// Holds requests in flight until the test lets them go.
final class Gate: Sendable {
    private let entered = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    /// Called by a responder: says that it is there, and waits.
    func hold() {
        entered.signal()
        opened.wait()
    }

    /// Waits until a responder is held.
    func isHeld() async throws {
        try await onThread { [entered] in entered.wait() }
    }

    /// Lets one responder go, held already or not yet.
    func open() {
        opened.signal()
    }
}
