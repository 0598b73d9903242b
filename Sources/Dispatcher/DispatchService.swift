import Jobs

/// One of the services that a dispatcher leads.
protocol DispatchService: Sendable {
    /// What makes it go round.
    var rounds: Rounds { get }

    /// Does what is due. Returns when to look again, nil for "when the store has changed".
    func look() async throws -> Timestamp?

    /// Works until its loop is told to end or another dispatcher has taken over.
    func work() async
}

extension DispatchService {
    func work() async {
        await rounds.loop.run { try await look() }
    }
}

/// What every service goes round with: the world, the epoch in whose name it claims, and its loop.
struct Rounds: Sendable {
    let surroundings: Surroundings
    let epoch: Int
    let loop: Loop

    init(_ surroundings: Surroundings, _ epoch: Int) {
        self.surroundings = surroundings
        self.epoch = epoch
        loop = Loop(surroundings)
    }

    /// Makes calls while the store grants them. Returns when it may grant the next; nil when there is nothing to do.
    func whileGranted(
        _ claim: (any JobStore, _ epoch: Int, _ now: Timestamp) throws -> Claim,
        make: (Job, Call) async throws -> Void
    ) async throws -> Timestamp? {
        while !loop.hasEnded {
            switch try surroundings.store({ try claim($0, epoch, $1) }) {
            case .granted(let call, let job): try await make(job, call)
            case .notBefore(let moment): return moment
            case .nothing: return nil
            }
        }
        return nil
    }
}
