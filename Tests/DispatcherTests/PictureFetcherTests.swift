import CoreMetrics
import Jobs
import MetricsTestKit
import TestSupport
import Testing

@testable import Dispatcher

/// Copies of pictures, in virtual time.
@Suite struct PictureFetcherTests {
    private let time = TestTime()

    private func world(
        _ archive: StubArchive, runSeconds: Double = 12, metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) async throws -> DispatcherFixture {
        try await DispatcherFixture(
            time: time, { SimulatedTransport(time: $0, runSeconds: runSeconds) }, pictures: archive, metrics: metrics)
    }

    @Test func `fetches are counted by how they ended, from nothing on`() async throws {
        let metrics = TestMetrics()
        func counts() throws -> [Int64] {
            try ["kept", "failed", "given_up", "not_stored"].map {
                try metrics.expectCounter(AttemptMeter.pictures, [("outcome", $0)]).totalValue
            }
        }
        let archive = StubArchive(time)
        archive.tell("", .failure(.status(404)), .failure(.notStored(reason: "full")))
        let fixture = try await world(archive, metrics: metrics)
        #expect(try counts() == [0, 0, 0, 0])
        try fixture.accept("a lighthouse")
        try await fixture.run(until: time.now + .seconds(600))
        #expect(try counts() == [1, 1, 0, 1])
    }

    @Test func `every picture of a completed job is fetched once, one after the other`() async throws {
        let archive = StubArchive(time)
        let fixture = try await world(archive)
        let id = try fixture.accept("a lighthouse", ["batch_size": 3])
        try await fixture.run(until: time.now + .seconds(600))
        let job = try #require(try fixture.store.job(id))
        #expect(job.job.state == .completed)
        #expect(archive.fetches.map(\.url) == job.job.urls)
        #expect(job.job.urls.count == 3)
        #expect(job.pictures.map(\.kept?.file) == [.sample(1), .sample(2), .sample(3)])
        for (earlier, later) in zip(archive.fetches, archive.fetches.dropFirst()) { #expect(later.at - earlier.at >= .seconds(1)) }
        #expect(fixture.krea.calls.brokenRules(PaceRules()).isEmpty)
    }

    @Test func `a picture that fails is tried again until it is there`() async throws {
        let archive = StubArchive(time)
        archive.tell("", .failure(.status(404)), .failure(.noAnswer(reason: "stalled")))
        let fixture = try await world(archive)
        let id = try fixture.accept("a lighthouse")
        try await fixture.run(until: time.now + .seconds(600))
        #expect(archive.fetches.count == 3)
        #expect(archive.fetches[1].at - archive.fetches[0].at == .seconds(11))
        #expect(archive.fetches[2].at - archive.fetches[1].at == .seconds(21))
        #expect(try fixture.store.job(id)?.pictures.first?.kept != nil)
    }

    @Test func `after a day it is given up, and the job has its pictures at Krea as before`() async throws {
        let archive = StubArchive(time)
        for _ in 1...100 { archive.tell("", .failure(.status(404))) }
        let fixture = try await world(archive)
        let id = try fixture.accept("a lighthouse")
        try await fixture.run(until: time.now + .seconds(3 * 86_400))
        let job = try #require(try fixture.store.job(id))
        #expect(job.job.state == .completed)
        #expect(job.job.urls.count == 1)
        #expect(job.pictures.map(\.isSettled) == [true])
        #expect(job.pictures.map(\.kept) == [nil])
        let tried = try #require(archive.fetches.last).at - archive.fetches[0].at
        #expect(tried > .seconds(82_800))
        #expect(tried < .seconds(90_000))
    }

    @Test func `nothing is fetched while Krea wants silence`() async throws {
        let archive = StubArchive(time)
        archive.tell("", .failure(.status(404)))
        let fixture = try await world(archive, runSeconds: 0)
        try fixture.accept("first")
        try fixture.accept("second [[429]]")
        try await fixture.run(until: time.now + .seconds(600))
        let limited = try #require(fixture.krea.calls.first { $0.status == 429 })
        #expect(archive.fetches.count == 3)
        for fetch in archive.fetches { #expect(fetch.at <= limited.arrived || fetch.at - limited.answered >= .seconds(30)) }
        #expect(archive.fetches[1].at - archive.fetches[0].at >= .seconds(30))
    }

    @Test func `a 429 of the host of pictures silences everything for 30 s`() async throws {
        let archive = StubArchive(time)
        archive.tell("", .failure(.limited(retryAfter: .seconds(500))))
        let fixture = try await world(archive, runSeconds: 0)
        try fixture.accept("first")
        try fixture.accept("second")
        try await fixture.run(until: time.now + .seconds(700))
        let silentFrom = archive.fetches[0].at + .seconds(1)
        for call in fixture.krea.calls { #expect(call.arrived < silentFrom || call.arrived - silentFrom >= .seconds(30)) }
        #expect(archive.fetches[1].url != archive.fetches[0].url)
        #expect(archive.fetches[2].at - silentFrom == .seconds(500))
    }

    @Test func `a process that is killed with a picture in its hands loses none`() async throws {
        let archive = StubArchive(time)
        let fixture = try await world(archive)
        let mortal = CrashingStore(fixture.store) {}
        let dying = try await VirtualDispatcher(mortal, fixture.krea, time, fixture.liveness, archive)
        archive.whenFetched { mortal.die(afterCalls: 1, committed: false) }
        let id = try fixture.accept("a lighthouse")
        await #expect(throws: LeadershipLost()) { try await dying.run(until: time.now + .seconds(600)) }
        #expect(try fixture.store.job(id)?.pictures.map(\.kept) == [nil])
        fixture.liveness.withdraw(dying.epoch)

        archive.whenFetched {}
        try await fixture.restart()
        try await fixture.run(until: time.now + .seconds(600))
        #expect(try fixture.store.job(id)?.pictures.map(\.kept?.file) == [.sample(2)])
        #expect(archive.fetches.count == 2)
    }

    @Test func `a full disk is waited for, however long, and costs no attempt`() async throws {
        let archive = StubArchive(time)
        for _ in 1...50 { archive.tell("", .failure(.notStored(reason: "no space"))) }
        let fixture = try await world(archive, runSeconds: 0)
        let ids = try (1...3).map { try fixture.accept("picture \($0)") }
        try await fixture.run(until: time.now + .seconds(2 * 3600))
        for (earlier, later) in zip(archive.fetches.prefix(50), archive.fetches.dropFirst()) {
            #expect(later.at - earlier.at >= .seconds(60))
        }
        for id in ids { #expect(try fixture.store.job(id)?.pictures.map(\.attempts) == [1]) }
        #expect(archive.files.count == 3)
    }

    @Test func `a copy goes with its job, unless another job has the same bytes`() async throws {
        let archive = StubArchive(time)
        let copy = KeptPicture(file: .sample(77), bytes: 1)
        archive.tell("", .success(copy), .success(copy))
        let fixture = try await world(archive, runSeconds: 0)
        try fixture.accept("first")
        try await fixture.run(until: time.now + .seconds(60))
        let between = time.now
        try fixture.accept("second")
        try await fixture.run(until: time.now + .seconds(60))
        #expect(archive.files == [copy.file])
        #expect(try fixture.store.removeFinished(before: between) == 1)
        try await fixture.run(until: time.now + .seconds(60))
        #expect(archive.files == [copy.file])
        #expect(try fixture.store.removeFinished(before: time.now) == 1)
        try await fixture.run(until: time.now + .seconds(60))
        #expect(archive.files == [])
    }

    @Test func `the folder is searched at the start and once a day, and of old files those go that no picture has`() async throws {
        let archive = StubArchive(time)
        let fixture = try await world(archive, runSeconds: 0)
        let start = time.now
        try fixture.accept("first")
        try await fixture.run(until: start + .seconds(60))
        archive.put(.sample(1))
        archive.put(.sample(99))
        #expect(archive.files == [.sample(1), .sample(99)])
        try await fixture.run(until: start + .seconds(86_400 + 60))
        #expect(archive.files == [.sample(1)])
        #expect(archive.searches.count == 2)
        #expect(archive.searches[1] - archive.searches[0] == .seconds(86_400))
        // What is younger than the jobs that are kept is not looked at.
        #expect(archive.searches[0] < start - .seconds(30 * 86_400 - 1))
    }

    @Test func `a dispatcher that is told to stop does not wait for a picture, and records none`() async throws {
        let archive = StandingArchive()
        let store = temporaryStore()
        let dependencies = Dependencies.sample(store, SimulatedTransport(time: time), time, pictures: archive)
        let epoch = try store.takeOver(at: time.now)
        _ = try store.accept(.sample(at: time.now), key: nil)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        let krea = KreaJob(id: "k", status: "completed", urls: ["https://gen.krea.ai/1.png"])
        _ = try store.recordSubmit(.answered(krea), for: call, at: time.now)

        let pictureFetcher = PictureFetcher(context: ServiceContext(dependencies, epoch), archive: archive)
        let work = Task { await pictureFetcher.work() }
        for await _ in archive.begun.stream { break }
        time.advance(by: .seconds(4))
        pictureFetcher.context.loop.end()
        await work.value
        #expect(try store.job(.sample(1))?.pictures.map(\.attempts) == [1])
        #expect(try store.claimPicture(by: epoch, at: time.now) == .notBefore(time.now + .seconds(6)))
    }
}

/// An archive whose fetches last until they are cancelled.
private final class StandingArchive: PictureArchive {
    let begun = AsyncStream.makeStream(of: Void.self)

    func fetch(_ url: String) async throws(PictureFailure) -> KeptPicture {
        begun.continuation.yield()
        try? await Task.sleep(for: .seconds(86_400))
        throw .noAnswer(reason: "cancelled")
    }

    func remove(_ file: PictureFile) throws {}
    func tidy(before moment: Timestamp) async throws -> [PictureFile] { [] }
}
