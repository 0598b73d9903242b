import Jobs
import TestSupport

/// The life of one job in a world's store, as a dispatcher would lead it; time moves on as far as it must.
struct Life {
    let id: JobID
    private let world: World

    /// A job that waits.
    init(_ world: World, prompt: String = "a lighthouse at dusk", members: String = "") throws {
        self.world = world
        let quoted = prompt.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let answer = try world.postJSON("{\"prompt\": \"\(quoted)\"\(members)}")
        id = JobID(answer.json["job_id"]?.text ?? "")!
    }

    /// A job that is in the store.
    init(_ world: World, id: JobID) {
        self.world = world
        self.id = id
    }

    /// Takes the right to submit as soon as it may be had.
    @discardableResult
    func claimSubmit() throws -> Call {
        try claim { try world.store.claimSubmit(by: world.epoch, at: $0) }
    }

    /// Krea takes it, unless `outcome` says otherwise.
    func submit(_ outcome: SubmitOutcome? = nil) throws {
        let call = try claimSubmit()
        let taken = SubmitOutcome.accepted(KreaJob(id: "krea-\(id)", status: "queued"))
        try world.store.recordSubmit(outcome ?? taken, for: call, at: world.time.now)
    }

    /// Takes the right to ask as soon as it may be had.
    @discardableResult
    func claimPoll() throws -> Call {
        try claim { try world.store.claimPoll(by: world.epoch, at: $0) }
    }

    func poll(_ krea: KreaJob) throws {
        try poll(.answered(krea))
    }

    func poll(_ outcome: PollOutcome) throws {
        let call = try claimPoll()
        try world.store.recordPoll(outcome, for: call, at: world.time.now)
    }

    /// Takes a right for this job; fails the test where another job has it first.
    private func claim(_ take: (Timestamp) throws -> Claim) throws -> Call {
        var claim = try take(world.time.now)
        if case .notBefore(let moment) = claim {
            world.time.advance(to: moment)
            claim = try take(moment)
        }
        guard case .granted(let call, let job) = claim, job.id == id else { throw UnknownJob(id: id) }
        return call
    }

    /// Uses up all polls.
    func timeOut() throws {
        try submit()
        for _ in 1...world.store.rules.maxPolls { try poll(KreaJob(id: "k", status: "processing")) }
    }
}
