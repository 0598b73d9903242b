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

    /// Takes the right to submit as soon as it may be had.
    func claimSubmit() throws {
        if case .notBefore(let moment) = try world.store.claimSubmit(at: world.time.now) {
            world.time.advance(to: moment)
            _ = try world.store.claimSubmit(at: moment)
        }
    }

    func submit(_ outcome: SubmitOutcome = .accepted(KreaJob(id: "k", status: "queued"))) throws {
        try claimSubmit()
        try world.store.recordSubmit(outcome, for: id, at: world.time.now)
    }

    /// Takes the right to ask as soon as it may be had.
    func claimPoll() throws {
        if case .notBefore(let moment) = try world.store.claimPoll(at: world.time.now) {
            world.time.advance(to: moment)
            _ = try world.store.claimPoll(at: moment)
        }
    }

    func poll(_ krea: KreaJob) throws {
        try poll(.answered(krea))
    }

    func poll(_ outcome: PollOutcome) throws {
        try claimPoll()
        try world.store.recordPoll(outcome, for: id, at: world.time.now)
    }

    /// Uses up all polls.
    func timeOut() throws {
        try submit()
        for _ in 1...world.store.rules.maxPolls { try poll(KreaJob(id: "k", status: "processing")) }
    }
}
