import TestSupport
import Testing
import Web

@testable import Jobs

/// What Krea's list tells about a lost answer, with both sides of each bound.
@Suite struct ReconciliationResultTests {
    private let rules = PaceRules()
    private let start = Timestamp(milliseconds: 1_000_000_000)
    private var lost: Timestamp { start + .seconds(30) }

    private func verdict(
        _ created: [Duration], complete: Bool = true, kreaTime: Duration?? = nil, asked: Duration = .seconds(60), known: Set<String> = []
    ) -> ReconciliationResult {
        let jobs = created.enumerated().map { ListedJob(id: "k\($0)", createdAt: start + $1) }
        return verdict(
            AccountPage(jobs: jobs, end: complete ? .last : .unknown, kreaTime: (kreaTime ?? asked).map { start + $0 }), asked: asked,
            known: known)
    }

    private func verdict(
        _ pages: AccountPage..., asked: Duration = .seconds(60), known: Set<String> = []
    ) -> ReconciliationResult {
        var list = AccountList(pages[0], askedAt: start + asked)
        for page in pages.dropFirst() { list.append(page) }
        return ReconciliationResult(
            startedAt: start, lostAt: lost, in: list, receivedAt: start + asked + .milliseconds(100), rules: rules, isKnown: known.contains)
    }

    /// A page with jobs so many seconds after the call began; nil for a time that cannot be read.
    private func page(_ created: [Int?], _ end: AccountPage.End = .last, from first: Int = 0, unnamed: Set<Int> = []) -> AccountPage {
        let jobs = created.enumerated().map { index, seconds in
            ListedJob(id: unnamed.contains(index) ? nil : "k\(first + index)", createdAt: seconds.map { start + .seconds($0) })
        }
        return AccountPage(jobs: jobs, end: end, kreaTime: start + .seconds(60))
    }

    private func name(_ verdict: ReconciliationResult) -> String {
        switch verdict {
        case .found(let job): job.id
        case .absent: "absent"
        case .ambiguous: "ambiguous"
        case .open: "open"
        case .further: "further"
        }
    }

    @Test(
        arguments: [
            ([-2001], "absent"), ([-2000], "k0"), ([0], "k0"), ([30_000], "k0"), ([32_000], "k0"), ([32_001], "absent"),
            ([2000, 1000], "ambiguous"), ([1000, -9000], "k0"), ([], "absent"),
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

    @Test(
        arguments: [
            // Alone, first, between two that are newer, between one that is newer and one that is older, after one that is older.
            ([nil], "open"), ([nil, 50], "absent"), ([nil, 32, -9], "open"), ([50, nil, 40], "absent"), ([50, nil, -9], "open"),
            ([50, -9, nil], "absent"),
            ([50, nil, 10, -9], "open"), ([50, 40, nil], "open"), ([nil, nil], "open"),
        ] as [([Int?], String)])
    func `a job without a time that can be read may be it, unless its neighbours say otherwise`(created: [Int?], expected: String) {
        #expect(name(verdict(page(created))) == expected)
    }

    @Test func `a job of ours is no other, even without a time`() {
        #expect(name(verdict(page([50, nil, -9]), known: ["k1"])) == "absent")
    }

    @Test func `a job without an ID may be it when it was created in time`() {
        #expect(name(verdict(page([50, 10, -9], unnamed: [1]))) == "open")
        #expect(name(verdict(page([50, 40, -9], unnamed: [1, 2]))) == "absent")
    }

    @Test func `a list that is not in order proves nothing until all of it has been read, and then its jobs may be of any time`() {
        #expect(name(verdict(page([-9, 50], .next("c")))) == "further")
        #expect(name(verdict(page([-9, 50], .unknown))) == "open")
        #expect(name(verdict(page([-9, 50], .last))) == "absent")
        #expect(name(verdict(page([-9, nil, -20, 50], .last))) == "open")
        #expect(name(verdict(page([-9, 10, 50], .last))) == "k1")
    }

    @Test func `pages are read until one reaches back to before the call`() {
        let pages = [page([50, 40], .next("a")), page([35, 10], .next("b"), from: 2), page([5, -9], .next("c"), from: 4)]
        #expect(name(verdict(pages[0])) == "further")
        #expect(name(verdict(pages[0], pages[1])) == "further")
        #expect(name(verdict(pages[0], pages[1], pages[2])) == "ambiguous")
        #expect(name(verdict(pages[0], pages[1], pages[2], known: ["k3"])) == "k4")
        #expect(name(verdict(pages[0], pages[1], pages[2], known: ["k3", "k4"])) == "absent")
    }

    @Test func `a cursor that leads nowhere else, or further than is read, proves nothing`() {
        #expect(name(verdict(page([50], .next("a")), page([50], .next("a"), from: 1))) == "open")
        var list = AccountList(page([50], .next("0")), askedAt: start + .seconds(60))
        for number in 1..<AccountList.mostPages {
            #expect(list.nextCursor == "\(number - 1)")
            list.append(page([50], .next("\(number)")))
        }
        #expect(list.nextCursor == nil)
    }

    @Test func `what is absent is sent again only when nobody can still be sending it`() throws {
        var (submission, pace) = (Submission(), Pace())
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.noAnswer, at: lost, rules: rules)
        #expect(try !submission.settle(.absent, mayResend: false, isLate: true, behind: 1, pace: &pace, at: lost, rules: rules))
        #expect(submission.state == .unconfirmed)
        #expect(try submission.settle(.absent, mayResend: true, isLate: true, behind: 1, pace: &pace, at: lost, rules: rules))
        #expect(submission.state == .waiting)
    }

    @Test(arguments: 1...4)
    func `of more pictures than were asked for only so many are kept, with a warning`(pictures: Int) throws {
        var submission = Submission(pictures: pictures)
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        let urls = (1...16).map { "https://gen.krea.ai/\($0).png" }
        try submission.recordSubmit(.answered(KreaJob(id: "k", status: "completed", urls: urls)), at: lost, rules: rules)
        #expect(submission.urls == Array(urls.prefix(pictures)))
        #expect(submission.warnings == [.surplus(pictures)])
    }

    @Test func `what is ambiguous fails and says that nothing was sent again`() throws {
        var (submission, pace) = (Submission(), Pace())
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.noAnswer, at: lost, rules: rules)
        #expect(try submission.settle(.ambiguous, mayResend: true, isLate: true, behind: 1, pace: &pace, at: lost, rules: rules))
        #expect(submission.failure?.code == .submissionUnconfirmed)
        #expect(submission.failure?.message.contains("nothing was sent again") == true)
    }

    @Test func `what cannot be told in twelve looks fails with a code of its own, is not sent again, and counts as paid`() throws {
        var (submission, pace) = (Submission(), Pace())
        try submission.claimForSubmit(at: start, by: 1, route: "bfl/flux-1-dev")
        try submission.recordSubmit(.noAnswer, at: lost, rules: rules)
        #expect(try !submission.settle(.open, mayResend: true, isLate: false, behind: 1, pace: &pace, at: lost, rules: rules))
        for count in 1...11 {
            #expect(try submission.settle(.open, mayResend: true, isLate: true, behind: 1, pace: &pace, at: lost, rules: rules))
            #expect(submission.undecidedLooks == count)
        }
        var cancelled = submission
        try cancelled.cancel(at: lost)
        _ = try submission.settle(.open, mayResend: true, isLate: true, behind: 1, pace: &pace, at: lost, rules: rules)
        #expect(submission.failure?.code == .submissionUndecidable)
        #expect(!submission.isFree)
        _ = try cancelled.settle(.open, mayResend: true, isLate: true, behind: 1, pace: &pace, at: lost, rules: rules)
        #expect(cancelled.state == .failed)
        #expect(cancelled.failure?.message.hasPrefix("It could not be cancelled") == true)
    }
}
