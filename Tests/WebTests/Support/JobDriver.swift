import Jobs
import TestSupport

/// The life of one job in a world's store, as a dispatcher would lead it; time moves on as far as it must.
struct JobDriver {
    let id: JobID
    private let fixture: WebFixture

    /// A job that waits.
    init(_ fixture: WebFixture, prompt: String = "a lighthouse at dusk", members: String = "") throws {
        self.fixture = fixture
        let quoted = prompt.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let answer = try fixture.postJSON("{\"prompt\": \"\(quoted)\"\(members)}")
        id = JobID(answer.json["job_id"]?.text ?? "")!
    }

    /// A job that is in the store.
    init(_ fixture: WebFixture, id: JobID) {
        self.fixture = fixture
        self.id = id
    }

    /// Takes the right to submit as soon as it may be had.
    @discardableResult
    func claimSubmit() throws -> Call {
        try claim { try fixture.store.claimSubmit(by: fixture.epoch, at: $0) }
    }

    /// Krea takes it, unless `outcome` says otherwise.
    func submit(_ outcome: CallResult<KreaJob>? = nil) throws {
        let call = try claimSubmit()
        let taken = CallResult<KreaJob>.answered(KreaJob(id: "krea-\(id)", status: "queued"))
        try fixture.store.recordSubmit(outcome ?? taken, for: call, at: fixture.time.now)
    }

    /// Takes the right to ask as soon as it may be had.
    @discardableResult
    func claimPoll() throws -> Call {
        try claim { try fixture.store.claimPoll(by: fixture.epoch, at: $0) }
    }

    func poll(_ krea: KreaJob) throws {
        try poll(.answered(krea))
    }

    func poll(_ outcome: CallResult<KreaJob>) throws {
        let call = try claimPoll()
        try fixture.store.recordPoll(outcome, for: call, at: fixture.time.now)
    }

    /// Takes a right for this job; fails the test where another job has it first.
    private func claim(_ take: (Timestamp) throws -> Claim<GrantedCall>) throws -> Call {
        var claim = try take(fixture.time.now)
        if case .notBefore(let moment) = claim {
            fixture.time.advance(to: moment)
            claim = try take(moment)
        }
        let (call, job) = try claim.granted()
        guard job.id == id else { throw UnknownJob(id: id) }
        return call
    }

    /// Uses up all polls.
    func timeOut() throws {
        try submit()
        for _ in 1...fixture.store.rules.maxPolls { try poll(KreaJob(id: "k", status: "processing")) }
    }
}
