import Jobs

/// One of the services that a dispatcher leads.
protocol DispatchService: Sendable {
    /// What it works with.
    var context: ServiceContext { get }

    /// Does what is due. Returns when to do so again, nil for "when the store has changed".
    func runOnce() async throws -> Timestamp?

    /// Works until its loop is told to end or another dispatcher has taken over.
    func work() async
}

extension DispatchService {
    func work() async {
        await context.loop.run { try await runOnce() }
    }
}
