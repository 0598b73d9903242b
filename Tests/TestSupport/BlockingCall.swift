import Foundation

/// Runs a blocking call on a thread of its own and waits for it without blocking a task's thread.
///
/// Two tasks that block would stop every other task on a machine of two cores.
public func onThread<Result: Sendable>(_ call: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(with: Swift.Result { try call() })
        }
    }
}
