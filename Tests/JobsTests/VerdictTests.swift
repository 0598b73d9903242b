import TestSupport
import Testing

@testable import Jobs

/// What Krea's list tells about a lost answer, with both sides of each bound.
@Suite struct VerdictTests {
    private let rules = PaceRules()
    private let start = Timestamp(milliseconds: 1_000_000_000)
    private var lost: Timestamp { start + .seconds(30) }

    private func verdict(
        _ created: [Duration], complete: Bool = true, kreaTime: Duration?? = nil, asked: Duration = .seconds(60), known: Set<String> = []
    ) -> Verdict {
        let jobs = created.enumerated().map { KreaJob(id: "k\($0)", status: "queued", createdAt: start + $1) }
        let list = AccountList(jobs: jobs, isComplete: complete, kreaTime: (kreaTime ?? asked).map { start + $0 })
        return Verdict(
            startedAt: start, lostAt: lost, in: list, askedAt: start + asked, receivedAt: start + asked + .milliseconds(100), rules: rules,
            isKnown: known.contains)
    }

    private func name(_ verdict: Verdict) -> String {
        switch verdict {
        case .found(let job): job.id
        case .absent: "absent"
        case .ambiguous: "ambiguous"
        case .open: "open"
        }
    }

    @Test(
        arguments: [
            ([-2001], "absent"), ([-2000], "k0"), ([0], "k0"), ([30_000], "k0"), ([32_000], "k0"), ([32_001], "absent"),
            ([1000, 2000], "ambiguous"), ([-9000, 1000], "k1"), ([], "absent"),
        ] as [([Int], String)])
    func `only what was created while the call was made can be it`(created: [Int], expected: String) {
        #expect(name(verdict(created.map { .milliseconds($0) })) == expected)
    }

    @Test func `what belongs to a submission of ours is not it`() {
        #expect(name(verdict([.seconds(1), .seconds(2)], known: ["k0"])) == "k1")
        #expect(name(verdict([.seconds(1)], known: ["k0"])) == "absent")
    }

    @Test(arguments: [(59_999, "open"), (60_000, "absent")])
    func `absence is proved by a list that was asked for 30 s after the call, not before`(asked: Int, expected: String) {
        #expect(name(verdict([], asked: .milliseconds(asked))) == expected)
    }

    @Test func `a job that is found counts at once`() {
        #expect(name(verdict([.seconds(1)], asked: .seconds(31))) == "k0")
    }

    @Test func `a list that does not reach back far enough proves nothing`() {
        #expect(name(verdict([.seconds(40)], complete: false)) == "open")
        #expect(name(verdict([.seconds(40), .seconds(-3)], complete: false)) == "absent")
    }

    @Test func `Krea's clock counts, not ours`() {
        // Krea is an hour behind: its date says so, and its times do.
        let hour = Duration.seconds(3600)
        #expect(name(verdict([.seconds(1) - hour], kreaTime: .seconds(60) - hour)) == "k0")
        #expect(name(verdict([.seconds(1)], kreaTime: .seconds(60) - hour)) == "absent")
    }

    @Test(arguments: [59, 60])
    func `the whole seconds of Krea's date are no difference of the clocks`(seconds: Int) {
        #expect(name(verdict([.milliseconds(-2000)], kreaTime: .seconds(seconds))) == "k0")
        #expect(name(verdict([.milliseconds(32_000)], kreaTime: .seconds(seconds))) == "k0")
    }

    @Test func `a list without Krea's time proves no absence`() {
        #expect(name(verdict([], kreaTime: .some(nil))) == "open")
        #expect(name(verdict([.seconds(1)], kreaTime: .some(nil))) == "k0")
    }

    @Test func `a job without a time of creation is never it`() {
        let list = AccountList(jobs: [KreaJob(id: "k", status: "queued")], isComplete: true, kreaTime: start + .seconds(60))
        let verdict = Verdict(
            startedAt: start, lostAt: lost, in: list, askedAt: start + .seconds(60), receivedAt: start + .seconds(60), rules: rules,
            isKnown: { _ in false })
        #expect(verdict == .absent)
    }

    @Test func `what is absent is sent again only when nobody can still be sending it`() throws {
        var (submission, pace) = (Submission(), Pace())
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.lost, at: lost, rules: rules)
        #expect(try !submission.settle(.absent, mayResend: false, behind: 1, pace: &pace, at: lost, rules: rules))
        #expect(submission.state == .unconfirmed)
        #expect(try submission.settle(.absent, mayResend: true, behind: 1, pace: &pace, at: lost, rules: rules))
        #expect(submission.state == .waiting)
    }

    @Test func `what is ambiguous fails and says that nothing was sent again`() throws {
        var (submission, pace) = (Submission(), Pace())
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.lost, at: lost, rules: rules)
        #expect(try submission.settle(.ambiguous, mayResend: true, behind: 1, pace: &pace, at: lost, rules: rules))
        #expect(submission.failure?.code == .submissionUnconfirmed)
        #expect(submission.failure?.message.contains("nothing was sent again") == true)
    }
}
