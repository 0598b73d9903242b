import Jobs
import TestSupport
import Testing

/// What every store has to do for the dispatcher.
extension JobStoreConformance {
    @Test(arguments: Kind.allCases)
    func `jobs are submitted in the order in which they came, one per interval`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        let epoch = try store.takeOver(at: time.now)
        #expect(try store.job(.sample(2))?.position == 1)

        let (call, first) = try store.claimSubmit(by: epoch, at: time.now).granted()
        #expect(first.id == .sample(1))
        #expect(first.state == .submitting)
        #expect(try store.job(.sample(2))?.position == 0)
        // While the call is being made no other is granted, however long it takes.
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(39)) == .notBefore(time.now + .seconds(40)))

        time.advance(by: .seconds(2))
        try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)
        let next = time.now + .seconds(10)
        #expect(try store.claimSubmit(by: epoch, at: next - .milliseconds(1)) == .notBefore(next))
        #expect(try store.claimSubmit(by: epoch, at: next).granted().1.id == .sample(2))
    }

    @Test(arguments: Kind.allCases)
    func `the submissions of one job go out one after the other, before the next job's, and end each for itself`(kind: Kind) throws {
        let store = try kind.make(folder)
        let one = try Job.sample(1, at: time.now)
        let both = Job(
            id: one.id, request: one.request, client: one.client, createdAt: time.now, submissions: [Submission(), Submission(pictures: 2)])
        _ = try store.accept(both, key: nil)
        try accepted(store, 2...2)
        #expect(try store.job(.sample(1))?.job == both)
        #expect(try store.job(.sample(2))?.position == 2)
        let epoch = try store.takeOver(at: time.now)

        for part in 1...2 {
            let (call, job) = try store.claimSubmit(by: epoch, at: time.now).granted()
            #expect(job.id == .sample(1))
            #expect(call.part == part)
            #expect(job[part].state == .submitting)
            try store.recordSubmit(.answered(KreaJob(id: "k\(part)", status: "queued")), for: call, at: time.now)
            time.advance(by: .seconds(10))
        }
        #expect(try store.job(.sample(2))?.position == 0)
        for (urls, state) in [(["https://gen.krea.ai/1.png"], JobState.running), (["https://gen.krea.ai/2.png"], .completed)] {
            let (call, _) = try store.claimPoll(by: epoch, at: time.now).granted()
            let krea = KreaJob(id: "k\(call.part)", status: "completed", urls: urls)
            #expect(try store.recordPoll(.answered(krea), for: call, at: time.now).state == state)
        }
        #expect(try store.job(.sample(1))?.job.urls == ["https://gen.krea.ai/1.png", "https://gen.krea.ai/2.png"])
        #expect(try store.calls(after: 0, limit: 10).map(\.part) == [1, 2, 1, 2])
        #expect(try store.jobs(JobQuery(client: nil, states: [.completed])).items.map(\.job.id) == [.sample(1)])
        #expect(try store.removeFinished(before: time.now + .seconds(1)) == 1)
        #expect(try store.job(.sample(1)) == nil)
    }

    @Test(arguments: Kind.allCases)
    func `Krea's routes are asked for by one at a time, kept, and used for what waits`(kind: Kind) throws {
        let store = try kind.make(folder)
        #expect(try store.catalogue() == .builtIn)
        let epoch = try store.takeOver(at: time.now)
        let call = try store.claimCatalogue(by: epoch, at: time.now).granted()
        #expect(call.kind == .catalogue)
        #expect(call.job == .none)
        #expect(try store.claimCatalogue(by: epoch, at: time.now) == .notBefore(time.now + .seconds(630)))
        let routes = [KreaRoute(path: "bfl/flux-1-dev", fields: [.prompt: FieldRule(name: "prompt", isRequired: true)])]
        try store.recordCatalogue(.answered(routes), for: call, at: time.now)
        #expect(try store.catalogue() == Catalogue(routes: routes, readAt: time.now))
        #expect(try store.claimCatalogue(by: epoch, at: time.now) == .notBefore(time.now + .seconds(86_400)))
        #expect(try store.calls(after: 0, limit: 9).map(\.outcome) == ["answered"])

        _ = try store.accept(.sample(1, members: ["model": "flux"], at: time.now), key: nil)
        let (submit, job) = try store.claimSubmit(by: epoch, at: time.now).granted()
        #expect(job[1].route == "bfl/flux-1-dev")
        let ended = try store.recordSubmit(.gone(), for: submit, at: time.now)
        #expect(ended.failure?.code == .modelUnavailable)
        #expect(try store.catalogue().gone.keys.sorted() == ["bfl/flux-1-dev"])
        let next = try store.takeOver(at: time.now)
        #expect(throws: LeadershipLost()) { try store.claimCatalogue(by: epoch, at: time.now) }
        #expect(throws: LeadershipLost()) { try store.recordCatalogue(.noAnswer, for: call, at: time.now) }
        #expect(try store.claimCatalogue(by: next, at: time.now) == .notBefore(time.now + .seconds(6)))
    }

    @Test(arguments: Kind.allCases)
    func `while Krea wants silence its routes are not asked for`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        let epoch = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.rateLimited(retryAfter: nil), for: call, at: time.now)
        #expect(try store.claimCatalogue(by: epoch, at: time.now) == .notBefore(time.now + .seconds(30)))
    }

    @Test(arguments: Kind.allCases)
    func `a claim brings the body of its route, whatever the catalogue says later`(kind: Kind) throws {
        let store = try kind.make(folder)
        let epoch = try store.takeOver(at: time.now)
        let members: [String: JSONValue] = ["model": "flux", "aspect_ratio": "16:9", "seed": 7]
        _ = try store.accept(.sample(1, members: members, at: time.now), key: nil)
        let route = try #require(try store.catalogue().route(for: .default))
        let claim = try store.claimSubmit(by: epoch, at: time.now)
        let (call, job) = try claim.granted()
        let path = try #require(job[1].route)
        let sold = try #require(try store.catalogue().route(at: path))
        let catalogue = try store.claimCatalogue(by: epoch, at: time.now).granted()
        try store.recordCatalogue(.answered([route]), for: catalogue, at: time.now)

        let body = RouteBody(job.request, to: sold, pictures: 1)
        #expect(try claim.body() == body.members)
        #expect(try claim.body().count > 1)
        #expect(job[1].price == body.price)
        try store.recordSubmit(.answered(KreaJob(id: "k", status: "queued")), for: call, at: time.now)
        let poll = try store.claimPoll(by: epoch, at: time.now + .seconds(6))
        #expect(try poll.body().isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func `with nothing to do there is nothing to claim`(kind: Kind) throws {
        let store = try kind.make(folder)
        let epoch = try store.takeOver(at: time.now)
        for claim in [store.claimSubmit, store.claimPoll, store.claimCancel, store.claimList] {
            #expect(try claim(epoch, time.now) == .nothing)
        }
    }

    @Test(arguments: Kind.allCases)
    func `only the latest dispatcher claims, records and gives signs of life`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        #expect(try store.latestLeaderTerm().epoch == 0)
        let old = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: old, at: time.now).granted()
        let new = try store.takeOver(at: time.now + .seconds(1))
        #expect(new == old + 1)
        #expect(try store.latestLeaderTerm() == LeaderTerm(epoch: new, heartbeatAt: time.now + .seconds(1)))
        for claim in [store.claimSubmit, store.claimPoll, store.claimCancel, store.claimList] {
            #expect(throws: LeadershipLost()) { try claim(old, time.now) }
        }
        #expect(throws: LeadershipLost()) { try store.recordSubmit(.noAnswer, for: call, at: time.now) }
        #expect(throws: LeadershipLost()) { try store.recordList(.noAnswer, for: call, at: time.now) { _ in true } }
        #expect(throws: LeadershipLost()) { try store.heartbeat(old, at: time.now) }
        try store.heartbeat(new, at: time.now + .seconds(2))
        #expect(try store.latestLeaderTerm().heartbeatAt == time.now + .seconds(2))
        #expect(try store.calls(after: 0, limit: 10).map(\.outcome) == [nil])
    }

    @Test(arguments: Kind.allCases)
    func `a job that was not sent keeps its place in the line`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        let epoch = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.notSent, for: call, at: time.now)
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(10)).granted().1.id == .sample(1))
    }

    @Test(arguments: Kind.allCases)
    func `the running job whose poll is due first is polled first`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        time.advance(by: .seconds(10))
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(KreaJob(id: "k2", status: "queued")), for: call, at: time.now)
        time.advance(by: .seconds(10))
        let (firstCall, first) = try store.claimPoll(by: epoch, at: time.now).granted()
        let (_, second) = try store.claimPoll(by: epoch, at: time.now).granted()
        #expect([first[1].kreaID, second[1].kreaID] == ["k1", "k2"])
        #expect(first[1].polls == 1)
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(36)))

        let done = KreaJob(id: "k1", status: "completed", urls: ["https://gen.krea.ai/1.png"], warnings: [.longerQueue])
        let job = try store.recordPoll(.answered(done), for: firstCall, at: time.now)
        #expect(job.state == .completed)
        #expect(try store.job(.sample(1))?.job == job)
    }

    @Test(arguments: Kind.allCases)
    func `a 429 at a poll holds submissions and other polls back`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        time.advance(by: .seconds(9))
        let (call, _) = try store.claimPoll(by: epoch, at: time.now).granted()
        try store.recordPoll(.rateLimited(retryAfter: nil), for: call, at: time.now)
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(29)) == .notBefore(time.now + .seconds(30)))
        #expect(try store.claimPoll(by: epoch, at: time.now + .seconds(59)) == .notBefore(time.now + .seconds(60)))
    }

    @Test(arguments: Kind.allCases)
    func `a failure with Krea's words is read back, and a 402 holds the queue until it is released`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...2)
        let epoch = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        let failure = JobFailure(.outOfCompute, detail: "Your API balance is used up.")
        try store.recordSubmit(.refused(failure), for: call, at: time.now)
        #expect(try store.job(.sample(1))?.job[1].failure == failure)
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(60)) == .notBefore(time.now + .seconds(300)))
        try store.release(at: time.now)
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(60)).granted().1.id == .sample(2))
    }

    @Test(arguments: Kind.allCases)
    func `a refusal of the content is read back with its reason`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        let failure = JobFailure(.contentRefused, detail: "A brand was detected.", because: .ipDetected)
        let (poll, _) = try store.claimPoll(by: epoch, at: time.now + .seconds(6)).granted()
        try store.recordPoll(.answered(KreaJob(id: "k1", status: "failed", failure: failure)), for: poll, at: time.now + .seconds(6))
        #expect(try store.job(.sample(1))?.job.failure == failure)
    }

    @Test(arguments: Kind.allCases)
    func `a refused token leaves nothing to claim until a take-over or a release`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        let (call, _) = try store.claimPoll(by: epoch, at: time.now + .seconds(6)).granted()
        try store.recordPoll(.unauthorised(), for: call, at: time.now + .seconds(6))
        #expect(try store.claimPoll(by: epoch, at: time.now + .seconds(60)) == .nothing)
        let next = try store.takeOver(at: time.now)
        _ = try store.claimPoll(by: next, at: time.now + .seconds(60)).granted()
    }

    @Test(arguments: Kind.allCases)
    func `an answer that comes after the job's end leaves the job alone, but its 429 counts`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        let now = time.now + .seconds(10)
        _ = try store.cancel(.sample(1), at: now)
        let (cancel, _) = try store.claimCancel(by: epoch, at: now).granted()
        let (poll, _) = try store.claimPoll(by: epoch, at: now).granted()
        try store.recordPoll(.answered(KreaJob(id: "k1", status: "failed")), for: poll, at: now)
        let before = try store.job(.sample(1))?.job
        try store.recordCancel(.rateLimited(retryAfter: nil), for: cancel, at: now)
        #expect(try store.job(.sample(1))?.job == before)
        #expect(try store.claimSubmit(by: epoch, at: now + .seconds(29)) == .notBefore(now + .seconds(30)))
        #expect(try store.calls(after: 0, limit: 10).map(\.outcome) == ["accepted", "rate_limited", "failed"])
    }

    @Test(arguments: Kind.allCases)
    func `a record that the table of states does not allow changes nothing`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        let (poll, _) = try store.claimPoll(by: epoch, at: time.now + .seconds(6)).granted()
        let before = try store.job(.sample(1))
        #expect(throws: IllegalTransition.self) { try store.recordSubmit(.noAnswer, for: poll, at: time.now) }
        #expect(try store.job(.sample(1)) == before)
        #expect(try store.calls(after: 1, limit: 1).first?.outcome == nil)
    }

    @Test(arguments: Kind.allCases)
    func `a job whose polls were all claimed times out instead of being asked for again`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        for _ in 1...40 {
            time.advance(by: .seconds(36))
            _ = try store.claimPoll(by: epoch, at: time.now).granted()
        }
        time.advance(by: .seconds(36))
        #expect(try store.claimPoll(by: epoch, at: time.now) == .nothing)
        #expect(try store.job(.sample(1))?.job.state == .timedOut)
    }

    @Test(arguments: Kind.allCases)
    func `a submission whose dispatcher is gone is in doubt at once, else when no call can last that long`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        let epoch = try store.takeOver(at: time.now)
        #expect(try store.recoverInterruptedSubmits(at: time.now) { _ in true } == nil)
        _ = try store.claimSubmit(by: epoch, at: time.now)
        let end = time.now + .seconds(40)
        #expect(try store.recoverInterruptedSubmits(at: end - .milliseconds(1)) { $0 != epoch } == end)
        #expect(try store.job(.sample(1))?.job.state == .submitting)
        #expect(try store.recoverInterruptedSubmits(at: time.now + .seconds(2)) { $0 == epoch } == nil)
        let submission = try #require(try store.job(.sample(1))?.job[1])
        #expect(submission.state == .unconfirmed)
        #expect(submission.lostAt == time.now + .seconds(2))
    }

    @Test(arguments: Kind.allCases)
    func `Krea's list settles what was lost: found is adopted, absent waits again, and known IDs do not count`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 3)
        for offset in [10, 20] {
            let now = time.now + .seconds(offset)
            let (call, _) = try store.claimSubmit(by: epoch, at: now).granted()
            try store.recordSubmit(.noAnswer, for: call, at: now)
        }
        let asked = time.now + .seconds(50)
        let (call, about) = try store.claimList(by: epoch, at: asked).granted()
        #expect(about.id == .sample(2))
        #expect(try store.claimList(by: epoch, at: asked) == .notBefore(asked + .seconds(36)))
        let page = AccountPage(
            jobs: [
                ListedJob(id: "k3", createdAt: time.now + .seconds(20)), ListedJob(id: "k1", createdAt: time.now + .seconds(10)),
            ], end: .last, kreaTime: asked)
        let settled = try store.recordList(.answered(AccountList(page, askedAt: asked)), for: call, at: asked) { _ in false }.settled
        #expect(settled.map(\.id) == [.sample(2), .sample(3)])
        #expect(settled.map(\.state) == [.waiting, .running])
        #expect(settled.last?[1].kreaID == "k3")
        #expect(try store.claimList(by: epoch, at: asked + .seconds(6)) == .nothing)
        #expect(try store.claimSubmit(by: epoch, at: asked) == .notBefore(asked + .seconds(30)))
        #expect(try store.claimSubmit(by: epoch, at: asked + .seconds(30)).granted().1.id == .sample(2))
    }

    @Test(arguments: Kind.allCases)
    func `a look that goes on is a page in the ledger, one that could have told and did not is counted, and the last ends the job`(
        kind: Kind
    ) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        let epoch = try store.takeOver(at: time.now)
        let (submit, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.noAnswer, for: submit, at: time.now)
        time.advance(by: .seconds(60))

        let (first, _) = try store.claimList(by: epoch, at: time.now).granted()
        let page = AccountPage(jobs: [ListedJob(id: "k9", createdAt: time.now)], end: .next("older"), kreaTime: time.now)
        var list = AccountList(page, askedAt: time.now)
        var found = try store.recordList(.answered(list), for: first, at: time.now) { _ in false }
        #expect(found.goesOn)
        #expect(!found.isUndecided)
        #expect(found.settled.isEmpty)
        time.advance(by: .seconds(6))
        let (second, _) = try store.claimList(by: epoch, at: time.now).granted()
        list.append(AccountPage(jobs: [ListedJob(id: nil, createdAt: nil)], end: .last, kreaTime: time.now))
        found = try store.recordList(.answered(list), for: second, at: time.now) { _ in false }
        #expect(!found.goesOn)
        #expect(found.isUndecided)
        #expect(found.settled.isEmpty)
        #expect(try store.job(.sample(1))?.job[1].undecidedLooks == 1)
        #expect(try store.calls(after: 1, limit: 9).map(\.outcome) == ["page", "answered"])

        for count in 2...12 {
            time.advance(by: .seconds(300))
            let (call, _) = try store.claimList(by: epoch, at: time.now).granted()
            let found = try store.recordList(.unusable, for: call, at: time.now) { _ in false }
            #expect(found.settled.map(\.state) == (count < 12 ? [] : [.failed]))
        }
        #expect(try store.job(.sample(1))?.job.failure == JobFailure(.submissionUndecidable))
        #expect(try store.claimList(by: epoch, at: time.now + .seconds(600)) == .nothing)
    }

    @Test(arguments: Kind.allCases)
    func `what another dispatcher may still send is not sent again, until that one is gone`(kind: Kind) throws {
        let store = try kind.make(folder)
        try accepted(store, 1...1)
        let stopped = try store.takeOver(at: time.now)
        _ = try store.claimSubmit(by: stopped, at: time.now).granted()
        time.advance(by: .seconds(300))
        let epoch = try store.takeOver(at: time.now)
        _ = try store.recoverInterruptedSubmits(at: time.now) { _ in false }
        let empty = CallResult<AccountList>.answered(AccountList(AccountPage(jobs: [], end: .last, kreaTime: time.now), askedAt: time.now))
        let (first, _) = try store.claimList(by: epoch, at: time.now).granted()
        #expect(try store.recordList(empty, for: first, at: time.now) { _ in false } == Reconciliation())
        #expect(try store.job(.sample(1))?.job.state == .unconfirmed)
        time.advance(by: .seconds(1))
        let (second, _) = try store.claimList(by: epoch, at: time.now + .seconds(6)).granted()
        #expect(try store.recordList(empty, for: second, at: time.now + .seconds(6)) { $0 == stopped }.settled.map(\.state) == [.waiting])
    }

    @Test(arguments: Kind.allCases)
    func `a running job that is not wanted is cancelled once, others are left alone`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        #expect(try store.claimCancel(by: epoch, at: time.now) == .nothing)
        #expect(try store.cancel(.sample(2), at: time.now).job.state == .cancelled)
        #expect(try store.cancel(.sample(1), at: time.now).job[1].isCancelWanted)
        let (call, job) = try store.claimCancel(by: epoch, at: time.now).granted()
        #expect(job.id == .sample(1))
        try store.recordCancel(.answered(Accepted()), for: call, at: time.now)
        #expect(try store.claimCancel(by: epoch, at: time.now + .seconds(600)) == .nothing)
        #expect(throws: AlreadyFinished()) { try store.cancel(.sample(2), at: time.now) }
    }

    @Test(arguments: Kind.allCases)
    func `every call is in the ledger before it is made, and completed afterwards`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        let (poll, _) = try store.claimPoll(by: epoch, at: time.now + .seconds(6)).granted()
        let open = try store.calls(after: 0, limit: 10)
        #expect(open.map(\.kind) == [.submit, .poll])
        #expect(open.map(\.outcome) == ["accepted", nil])
        try store.recordPoll(.rateLimited(retryAfter: nil), for: poll, at: time.now + .seconds(7))
        let closed = try #require(try store.calls(after: open[0].id, limit: 1).first)
        #expect(closed.outcome == "rate_limited")
        #expect(closed.startedAt == time.now + .seconds(6))
        #expect(closed.endedAt == time.now + .seconds(7))
        #expect(closed.job == .sample(1))
    }

    @Test(arguments: Kind.allCases)
    func `when the clock is put forward or back, what lies ahead moves along`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        try store.follow(time.origin)
        time.step(by: .seconds(-3600))
        try store.follow(time.origin)
        // Who notices it second moves nothing once more.
        try store.follow(time.origin)
        #expect(try store.claimSubmit(by: epoch, at: time.now) == .notBefore(time.now + .seconds(10)))
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(6)))
        #expect(try store.job(.sample(1))?.job[1].startedAt == time.now)
    }

    @Test(arguments: Kind.allCases)
    func `a pause stops submissions of every dispatcher until it is lifted, and lets running jobs be polled`(kind: Kind) throws {
        let (store, first) = try running(kind, 2)
        time.advance(by: .seconds(10))
        try store.pause(because: "moving house")
        #expect(try store.claimSubmit(by: first, at: time.now) == .nothing)
        #expect(try store.job(.sample(2))?.pace.hold(at: time.now) == .paused(because: "moving house"))
        let epoch = try store.takeOver(at: time.now)
        #expect(try store.claimSubmit(by: epoch, at: time.now + .seconds(86_400)) == .nothing)
        let (poll, _) = try store.claimPoll(by: epoch, at: time.now).granted()
        try store.recordPoll(.answered(KreaJob(id: "k1", status: "processing")), for: poll, at: time.now)
        guard case .new = try store.accept(.sample(3, at: time.now), key: nil) else { throw NotGranted() }
        try store.release(isOperator: false, at: time.now)
        #expect(try store.claimSubmit(by: epoch, at: time.now) == .nothing)
        try store.release(at: time.now)
        #expect(try store.claimSubmit(by: epoch, at: time.now).granted().1.id == .sample(2))
    }
}
