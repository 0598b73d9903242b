import Jobs
import TestSupport
import Testing

/// What every store has to do about results that come late, from elsewhere, or under addresses that expire.
extension JobStoreConformance {
    /// Makes the next poll, which ends like this.
    private func poll(_ store: any JobStore, _ epoch: Int, _ outcome: CallResult<KreaJob>) throws -> Job {
        guard case .notBefore(let moment) = try store.claimPoll(by: epoch, at: time.now) else { throw NotGranted() }
        time.advance(to: moment)
        let (call, _) = try store.claimPoll(by: epoch, at: time.now).granted()
        return try store.recordPoll(outcome, for: call, at: time.now)
    }

    @Test(arguments: Kind.allCases)
    func `a job that is finished without a picture is asked for again, and keeps count of it`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        for count in 1...5 {
            let job = try poll(store, epoch, .answered(KreaJob(id: "k1", status: "completed")))
            #expect(job.state == .running && job[1].emptyAnswers == count)
            #expect(try store.job(.sample(1))?.job == job)
        }
        #expect(try poll(store, epoch, .answered(KreaJob(id: "k1", status: "completed"))).failure?.code == .noImage)
        #expect(try store.claimPoll(by: epoch, at: time.now + .seconds(600)) == .nothing)
        // The next look keeps its distance from the latest poll.
        #expect(try store.resume(.sample(1), at: time.now).job.state == .running)
        let late = KreaJob(id: "k1", status: "completed", urls: ["https://gen.krea.ai/1.png"])
        let job = try poll(store, epoch, .answered(late))
        #expect(job.state == .completed && job[1].pollRound == 2 && job[1].polls == 1)
        let calls = try store.calls(after: 0, limit: 20)
        var audit = Audit(PaceRules())
        for call in calls { audit.read(call) }
        #expect(audit.broken == [])
        #expect(calls.count == 8)
    }

    @Test(arguments: Kind.allCases)
    func `the addresses of results on other hosts are read back, and another look forgets them`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        let addresses = ["https://cdn.example/1.png?key=a", "https://cdn.example/2.png"]
        let foreign = KreaJob(id: "k1", status: "completed", foreignURLs: addresses, warnings: [.strangeAddresses(2, of: 2)])
        #expect(try poll(store, epoch, .answered(foreign)).failure == JobFailure(.foreignHost))
        let job = try #require(try store.job(.sample(1))).job
        #expect(job[1].foreignURLs == addresses)
        #expect(job.canBeResumed)
        let resumed = try store.resume(.sample(1), at: time.now).job
        #expect(resumed[1].foreignURLs == [])
        #expect(resumed.warnings == [])
        #expect(try store.job(.sample(1))?.job == resumed)
    }

    @Test(arguments: Kind.allCases)
    func `when an address has expired, Krea is asked once, and the picture is due at the new one`(kind: Kind) throws {
        let (store, epoch) = try running(kind, pictures: 2)
        _ = try poll(store, epoch, .answered(KreaJob(id: "k1", status: "completed", urls: ["u1", "u2"])))
        let completed = time.now
        let first = try store.claimPicture(by: epoch, at: time.now).granted()
        try store.recordPicture(.success(KeptPicture(file: .sample(1), bytes: 1)), for: first, at: time.now)
        let second = try store.claimPicture(by: epoch, at: time.now).granted()
        try store.recordPicture(.failure(.status(410)), for: second, at: time.now)
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(completed + .seconds(6)))
        let fresh = KreaJob(id: "k1", status: "completed", urls: ["n1", "n2"])
        let job = try poll(store, epoch, .answered(fresh))
        #expect(job.state == .completed)
        #expect(job.urls == ["n1", "n2"])
        let queued = try #require(try store.job(.sample(1)))
        #expect(queued.job == job)
        #expect(queued.pictures.map(\.url) == ["n1", "n2"])
        #expect(queued.pictures.map(\.kept?.file) == [.sample(1), nil])
        #expect(queued.pictures.map(\.isSettled) == [true, false])
        let third = try store.claimPicture(by: epoch, at: time.now).granted()
        #expect(third.url == "n2")
        #expect(third.attempt == 2)
        try store.recordPicture(.failure(.status(404)), for: third, at: time.now)
        #expect(try store.claimPoll(by: epoch, at: time.now + .seconds(600)) == .nothing)
        let calls = try store.calls(after: 0, limit: 9)
        #expect(calls.map(\.kind) == [.submit, .poll, .poll])
        #expect(calls.map(\.pollRound) == [1, 1, 2])
    }

    @Test(arguments: Kind.allCases)
    func `one address that becomes two is two pictures`(kind: Kind) throws {
        let (store, epoch) = try running(kind, pictures: 2)
        _ = try poll(store, epoch, .answered(KreaJob(id: "k1", status: "completed", urls: ["u", "u"])))
        let fetch = try store.claimPicture(by: epoch, at: time.now).granted()
        try store.recordPicture(.failure(.status(403)), for: fetch, at: time.now)
        _ = try poll(store, epoch, .answered(KreaJob(id: "k1", status: "completed", urls: ["n1", "n2"])))
        let urls = try (1...2).map { _ in try store.claimPicture(by: epoch, at: time.now).granted().url }
        #expect(urls.sorted() == ["n1", "n2"])
        #expect(try store.claimPicture(by: epoch, at: time.now) != .nothing)
    }

    @Test(arguments: Kind.allCases)
    func `a silence of Krea's holds the poll for an address, and the clock's steps move it along`(kind: Kind) throws {
        let (store, epoch) = try running(kind)
        try store.follow(time.origin)
        _ = try poll(store, epoch, .answered(KreaJob(id: "k1", status: "completed", urls: ["u1"])))
        let fetch = try store.claimPicture(by: epoch, at: time.now).granted()
        try store.recordPicture(.failure(.status(403)), for: fetch, at: time.now)
        time.step(by: .seconds(3600))
        try store.follow(time.origin)
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(6)))
        time.advance(by: .seconds(6))
        let (call, _) = try store.claimPoll(by: epoch, at: time.now).granted()
        try store.recordPoll(.rateLimited(retryAfter: nil), for: call, at: time.now)
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(60)))
        #expect(try store.job(.sample(1))?.job.state == .completed)
    }

    @Test(arguments: Kind.allCases)
    func `running jobs and addresses that have expired take turns by what is due first`(kind: Kind) throws {
        let (store, epoch) = try running(kind, 2)
        _ = try poll(store, epoch, .answered(KreaJob(id: "k1", status: "completed", urls: ["u1"])))
        let fetch = try store.claimPicture(by: epoch, at: time.now).granted()
        try store.recordPicture(.failure(.status(404)), for: fetch, at: time.now)
        time.advance(by: .seconds(4))
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(KreaJob(id: "k2", status: "queued")), for: call, at: time.now)
        #expect(try store.claimPoll(by: epoch, at: time.now) == .notBefore(time.now + .seconds(2)))
        time.advance(by: .seconds(60))
        let jobs = try (1...2).map { _ in try store.claimPoll(by: epoch, at: time.now).granted().1.id }
        #expect(jobs == [.sample(1), .sample(2)])
    }
}
