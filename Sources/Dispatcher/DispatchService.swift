import Jobs

/// One of the services that a dispatcher leads.
protocol DispatchService: Sendable {
    /// What makes it go round.
    var context: ServiceContext { get }

    /// Does what is due. Returns when to look again, nil for "when the store has changed".
    func runOnce() async throws -> Timestamp?

    /// Works until its loop is told to end or another dispatcher has taken over.
    func work() async
}

extension DispatchService {
    func work() async {
        await context.loop.run { try await runOnce() }
    }
}

/// What every service goes round with: the world, the epoch in whose name it claims, and its loop.
struct ServiceContext: Sendable {
    let dependencies: Dependencies
    let epoch: Int
    let loop: Loop

    init(_ dependencies: Dependencies, _ epoch: Int) {
        self.dependencies = dependencies
        self.epoch = epoch
        loop = Loop(dependencies)
    }

    /// Makes calls while the store grants them. Returns when it may grant the next; nil when there is nothing to do.
    func whileGranted(
        _ claim: (any JobStore, _ epoch: Int, _ now: Timestamp) throws -> Claim,
        make: (Job, Call) async throws -> Void
    ) async throws -> Timestamp? {
        while !loop.hasEnded {
            switch try dependencies.store({ try claim($0, epoch, $1) }) {
            case .granted(let call, let job): try await make(job, call)
            case .notBefore(let moment): return moment
            case .nothing: return nil
            }
        }
        return nil
    }
}
