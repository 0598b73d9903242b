import Jobs
import TestSupport
import Testing

@testable import Dispatcher

/// Results that come late, from elsewhere, or under addresses that expire, in virtual time.
@Suite struct ResultTests {
    private let rules = PaceRules()

    /// What the ledger has against the calls.
    private func broken(_ fixture: DispatcherFixture) throws -> [String] {
        var audit = Audit(rules)
        for call in try fixture.store.calls(after: 0, limit: 1000) { audit.read(call) }
        return audit.broken + fixture.krea.calls.brokenRules(rules)
    }

    private func polls(_ fixture: DispatcherFixture) -> Int { fixture.krea.calls.count(where: \.isPoll) }

    @Test func `a picture that comes 20 s after Krea said that it finished is there`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 5) }
        let id = try fixture.accept("a lighthouse [[no-urls:20000]]")
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(try fixture.job(id).urls.count == 1)
        #expect(polls(fixture) == 5)
        #expect(try broken(fixture) == [])
    }

    @Test func `without a picture a job ends after five more polls, and another look brings what came since`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 5) }
        let id = try fixture.accept("a lighthouse [[no-urls:120000]]")
        try await fixture.run()
        #expect(try fixture.job(id).failure == JobFailure(.noImage))
        #expect(polls(fixture) == 6)
        _ = try fixture.store.resume(id, at: fixture.time.now)
        try await fixture.run()
        #expect(try fixture.job(id).failure == JobFailure(.noImage))
        fixture.time.advance(by: .seconds(60))
        _ = try fixture.store.resume(id, at: fixture.time.now)
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(fixture.krea.calls.count(where: \.isSubmission) == 1)
        #expect(try broken(fixture) == [])
    }

    @Test func `a result on another host is in the log without its query, and there once the host is allowed`() async throws {
        let fixture = try await DispatcherFixture { SimulatedTransport(time: $0, runSeconds: 5) }
        let id = try fixture.accept("a lighthouse [[foreign-url]]")
        try await fixture.run()
        #expect(try fixture.job(id).failure == JobFailure(.foreignHost))
        #expect(polls(fixture) == 1)
        let address = try #require(try fixture.job(id)[1].foreignURLs.first)
        #expect(address.hasPrefix("https://images.example.com/"))
        #expect(address.contains("?"))
        let lines = fixture.log.lines.filter { $0.contains("A result is on a host that is not allowed") }
        #expect(lines.count == 1 && lines[0].contains("job=\(id)") && lines[0].contains(address.prefix { $0 != "?" }))
        #expect(!fixture.log.lines.contains { $0.contains("?") })

        fixture.resultHosts.allow(try #require(HostList("images.example.com", simulated: false)))
        _ = try fixture.store.resume(id, at: fixture.time.now)
        try await fixture.run()
        #expect(try fixture.job(id).state == .completed)
        #expect(try fixture.job(id).urls == [address])
        #expect(try fixture.job(id).warnings == [])
        #expect(try broken(fixture) == [])
    }

    @Test func `a picture whose address has expired is fetched from the one that Krea gives then`() async throws {
        let time = TestTime()
        let archive = StubArchive(time)
        archive.tell("", .failure(.status(403)))
        let fixture = try await DispatcherFixture(time: time, { SimulatedTransport(time: $0, runSeconds: 5) }, pictures: archive)
        let id = try fixture.accept("a lighthouse [[image-expired]]")
        try await fixture.run(until: time.now + .seconds(3600))
        let job = try #require(try fixture.store.job(id))
        #expect(job.job.state == .completed)
        #expect(archive.fetches.count == 2)
        #expect(archive.fetches[0].url.hasSuffix("?expired") && archive.fetches[1].url == job.job.urls[0])
        #expect(!job.job.urls[0].contains("?"))
        #expect(archive.fetches[1].at - archive.fetches[0].at < .seconds(8))
        #expect(job.pictures.map(\.kept?.file) == [.sample(1)])
        #expect(polls(fixture) == 2)
        #expect(try broken(fixture) == [])
    }

    @Test func `a picture that is gone for good costs one poll, and its job has its address as before`() async throws {
        let time = TestTime()
        let archive = StubArchive(time)
        for _ in 1...100 { archive.tell("", .failure(.status(404))) }
        let fixture = try await DispatcherFixture(time: time, { SimulatedTransport(time: $0, runSeconds: 5) }, pictures: archive)
        let id = try fixture.accept("a lighthouse")
        try await fixture.run(until: time.now + .seconds(2 * 86_400))
        #expect(try fixture.job(id).state == .completed)
        #expect(try fixture.job(id).urls.count == 1)
        #expect(polls(fixture) == 2)
        #expect(try broken(fixture) == [])
    }

    @Test func `a process that is killed while it asks for an address loses nothing`() async throws {
        let time = TestTime()
        let archive = StubArchive(time)
        archive.tell("", .failure(.status(410)))
        let fixture = try await DispatcherFixture(time: time, { SimulatedTransport(time: $0, runSeconds: 5) }, pictures: archive)
        let id = try fixture.accept("a lighthouse [[image-expired]]")
        while try fixture.job(id)[1].nextRefreshAt == nil { try await fixture.run(until: time.now + .milliseconds(500)) }
        let due = try #require(try fixture.job(id)[1].nextRefreshAt)
        time.advance(to: due)
        guard case .granted = try fixture.store.claimPoll(by: fixture.dispatcher.epoch, at: due) else { throw UnknownJob(id: id) }
        try await fixture.restart()
        try await fixture.run(until: time.now + .seconds(3600))
        #expect(try fixture.store.job(id)?.pictures.map(\.kept?.file) == [.sample(1)])
        #expect(try broken(fixture) == [])
    }
}
