import Jobs
import SQLiteStore
import TestSupport
import Testing

/// What every store has to do about copies of pictures, run over every one there is.
@Suite struct PictureStoreConformance {
    private let time = TestTime()
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A store with a job for each of these lists of addresses, all of them completed, and the epoch of its dispatcher.
    private func completed(_ kind: JobStoreConformance.Kind, _ jobs: [String]...) throws -> (any JobStore, Int) {
        let store = try kind.make(folder)
        let epoch = try store.takeOver(at: time.now)
        for (number, urls) in zip(UInt64(1)..., jobs) {
            _ = try store.accept(.sample(number, pictures: urls.count, at: time.now), key: nil)
            let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
            let krea = KreaJob(id: "k\(number)", status: "completed", urls: urls)
            try store.recordSubmit(.answered(krea), for: call, at: time.now)
            time.advance(by: .seconds(10))
        }
        return (store, epoch)
    }

    private func kept(_ number: UInt64) -> Result<KeptPicture, PictureFailure> {
        .success(KeptPicture(file: .sample(number), bytes: 100 + Int(number)))
    }

    /// The files that the store wants to be removed, and has forgotten then.
    private func unneeded(_ store: any JobStore, _ epoch: Int) throws -> [PictureFile] {
        var files: [PictureFile] = []
        while try store.removeUnneededFiles(by: epoch, { files.append($0) }) {}
        return files
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `each picture of a completed job is fetched once, and the job has its copy then`(kind: JobStoreConformance.Kind) throws {
        let (store, epoch) = try completed(kind, ["u1", "u2"])
        #expect(try store.job(.sample(1))?.pictures == [])
        let first = try store.claimPicture(by: epoch, at: time.now).granted()
        #expect(first.job == .sample(1))
        #expect(first.url == "u1")
        #expect(first.attempt == 1)
        let picture = try store.recordPicture(kept(1), for: first, at: time.now)
        #expect(picture?.kept == KeptPicture(file: .sample(1), bytes: 101))
        let second = try store.claimPicture(by: epoch, at: time.now).granted()
        #expect(second.url == "u2")
        try store.recordPicture(.failure(.tooLarge), for: second, at: time.now)
        #expect(try store.claimPicture(by: epoch, at: time.now) == .nothing)

        let pictures = try #require(try store.job(.sample(1))).pictures
        #expect(pictures.map(\.url) == ["u1", "u2"])
        #expect(pictures.map(\.kept?.file) == [.sample(1), nil])
        #expect(pictures.map(\.attempts) == [1, 1])
        #expect(pictures.map(\.isSettled) == [true, true])
        #expect(try store.jobs(JobQuery(client: nil)).items.map(\.pictures) == [pictures])
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `an address that a job has twice is fetched once, another job's for itself`(kind: JobStoreConformance.Kind) throws {
        let (store, epoch) = try completed(kind, ["u1", "u1"], ["u1"])
        for _ in 1...2 {
            let fetch = try store.claimPicture(by: epoch, at: time.now).granted()
            try store.recordPicture(kept(1), for: fetch, at: time.now)
        }
        #expect(try store.claimPicture(by: epoch, at: time.now) == .nothing)
        #expect(try store.job(.sample(1))?.pictures.count == 1)
        #expect(try store.job(.sample(2))?.pictures.count == 1)
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `of several jobs the newest comes first, and one that failed waits for its turn`(kind: JobStoreConformance.Kind) throws {
        let (store, epoch) = try completed(kind, ["u1"], ["u2"])
        let newest = try store.claimPicture(by: epoch, at: time.now).granted()
        #expect(newest.url == "u2")
        try store.recordPicture(.failure(.status(404)), for: newest, at: time.now + .seconds(1))
        let other = try store.claimPicture(by: epoch, at: time.now + .seconds(1)).granted()
        #expect(other.url == "u1")
        try store.recordPicture(kept(1), for: other, at: time.now + .seconds(2))
        #expect(try store.claimPicture(by: epoch, at: time.now + .seconds(2)) == .notBefore(time.now + .seconds(11)))
        #expect(try store.claimPicture(by: epoch, at: time.now + .seconds(11)).granted().attempt == 2)
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `a new picture comes before older ones that have been due for long`(kind: JobStoreConformance.Kind) throws {
        let (store, epoch) = try completed(kind, ["u1"], ["u2"])
        #expect(try store.claimPicture(by: epoch, at: time.now).granted().url == "u2")
        time.advance(by: .seconds(3600))
        _ = try store.accept(.sample(3, pictures: 2, at: time.now), key: nil)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(KreaJob(id: "k3", status: "completed", urls: ["u3", "u4"])), for: call, at: time.now)
        let order = try (1...4).map { _ in try store.claimPicture(by: epoch, at: time.now).granted().url }
        #expect(order == ["u3", "u4", "u2", "u1"])
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `a job that has not completed has nothing to fetch`(kind: JobStoreConformance.Kind) throws {
        let store = try kind.make(folder)
        let epoch = try store.takeOver(at: time.now)
        _ = try store.accept(.sample(1, at: time.now), key: nil)
        #expect(try store.claimPicture(by: epoch, at: time.now) == .nothing)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)
        #expect(try store.claimPicture(by: epoch, at: time.now) == .nothing)
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `nothing is fetched while Krea wants silence, and a 429 of a picture's host is such a wish`(
        kind: JobStoreConformance.Kind
    ) throws {
        let (store, epoch) = try completed(kind, ["u1", "u2"])
        let first = try store.claimPicture(by: epoch, at: time.now).granted()
        try store.recordPicture(.failure(.limited(retryAfter: nil)), for: first, at: time.now)
        let silentUntil = time.now + .seconds(30)
        #expect(try store.claimPicture(by: epoch, at: time.now + .seconds(29)) == .notBefore(silentUntil))
        _ = try store.accept(.sample(9, at: time.now), key: nil)
        #expect(try store.claimSubmit(by: epoch, at: time.now) == .notBefore(silentUntil))
        #expect(try store.claimPicture(by: epoch, at: silentUntil).granted().url == "u1")
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `a refused token holds no picture, which needs none`(kind: JobStoreConformance.Kind) throws {
        let (store, epoch) = try completed(kind, ["u1"])
        _ = try store.accept(.sample(9, at: time.now), key: nil)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        try store.recordSubmit(.unauthorised(), for: call, at: time.now)
        #expect(try store.claimPicture(by: epoch, at: time.now).granted().url == "u1")
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `a former dispatcher gets no picture and brings none`(kind: JobStoreConformance.Kind) throws {
        let (store, epoch) = try completed(kind, ["u1"])
        let fetch = try store.claimPicture(by: epoch, at: time.now).granted()
        let next = try store.takeOver(at: time.now)
        #expect(throws: LeadershipLost()) { try store.recordPicture(kept(1), for: fetch, at: time.now) }
        #expect(throws: LeadershipLost()) { try store.claimPicture(by: epoch, at: time.now) }
        #expect(throws: LeadershipLost()) { try store.removeUnneededFiles(by: epoch) { _ in } }
        #expect(throws: LeadershipLost()) { try store.suspectFiles([.sample(1)], by: epoch) }
        #expect(try store.job(.sample(1))?.pictures.first?.kept == nil)
        #expect(try store.claimPicture(by: next, at: time.now) == .notBefore(time.now + .seconds(10)))
        #expect(try store.claimPicture(by: next, at: time.now + .seconds(10)).granted().attempt == 2)
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `the files of a removed job are not needed any more, unless another job has the same`(kind: JobStoreConformance.Kind) throws {
        let (store, epoch) = try completed(kind, ["u1", "u2"], ["u3"])
        for number in [1, 1, 2] as [UInt64] {
            let fetch = try store.claimPicture(by: epoch, at: time.now).granted()
            try store.recordPicture(kept(number), for: fetch, at: time.now)
        }
        #expect(try store.job(.sample(1))?.pictures.map(\.kept?.file) == [.sample(1), .sample(2)])
        #expect(try unneeded(store, epoch) == [])
        // The first ended 20 s ago, the second 10 s ago.
        #expect(try store.removeFinished(before: time.now - .seconds(15)) == 1)
        #expect(try unneeded(store, epoch) == [.sample(2)])
        #expect(try unneeded(store, epoch) == [])
        #expect(try store.removeFinished(before: time.now) == 1)
        #expect(try unneeded(store, epoch) == [.sample(1)])
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `a copy whose job was removed while it was made is not needed`(kind: JobStoreConformance.Kind) throws {
        let (store, epoch) = try completed(kind, ["u1"])
        let fetch = try store.claimPicture(by: epoch, at: time.now).granted()
        #expect(try store.removeFinished(before: time.now) == 1)
        #expect(try store.recordPicture(kept(1), for: fetch, at: time.now) == nil)
        #expect(try unneeded(store, epoch) == [.sample(1)])
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `of suspected files those are removed that no picture has`(kind: JobStoreConformance.Kind) throws {
        let (store, epoch) = try completed(kind, ["u1"])
        let fetch = try store.claimPicture(by: epoch, at: time.now).granted()
        try store.recordPicture(kept(1), for: fetch, at: time.now)
        let others = (2...200).map { PictureFile.sample(UInt64($0)) }
        try store.suspectFiles([.sample(1)] + others, by: epoch)
        #expect(try Set(unneeded(store, epoch)) == Set(others))
    }

    @Test(arguments: JobStoreConformance.Kind.allCases)
    func `when the clock is put forward, the next attempt moves along`(kind: JobStoreConformance.Kind) throws {
        let (store, epoch) = try completed(kind, ["u1"])
        try store.follow(time.origin)
        let fetch = try store.claimPicture(by: epoch, at: time.now).granted()
        try store.recordPicture(.failure(.status(404)), for: fetch, at: time.now)
        time.step(by: .seconds(3600))
        try store.follow(time.origin)
        #expect(try store.claimPicture(by: epoch, at: time.now) == .notBefore(time.now + .seconds(10)))
    }
}
