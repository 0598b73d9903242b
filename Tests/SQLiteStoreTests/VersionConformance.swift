import Jobs
@testable import SQLiteStore
import TestSupport
import Testing

/// What the version of a store tells.
extension JobStoreConformance {
    @Test(arguments: Kind.allCases)
    func `the version stays while jobs are only read, and is another after each change`(kind: Kind) throws {
        let store = try kind.make(folder)
        var seen: Set<StoreVersion> = [try #require(store.version)]
        let epoch = try store.takeOver(at: time.now)
        #expect(seen.insert(try #require(store.version)).inserted)
        for number in UInt64(1)...3 {
            try accepted(store, number...number)
            #expect(seen.insert(try #require(store.version)).inserted)
        }
        let before = store.version
        _ = try store.job(.sample(1))
        _ = try store.jobs(JobQuery(client: nil))
        #expect(try store.claimPoll(by: epoch, at: time.now) == .nothing)
        #expect(store.version == before)
        _ = try store.claimSubmit(by: epoch, at: time.now)
        #expect(seen.insert(try #require(store.version)).inserted)
        _ = try store.cancel(.sample(3), at: time.now)
        #expect(seen.insert(try #require(store.version)).inserted)
    }
}

extension SQLiteStoreTests {
    @Test func `the version is another as soon as another process has changed something`() throws {
        let store = try open()
        let other = try open()
        for number in UInt64(1)...20 {
            let before = try #require(store.version)
            #expect(store.version == before)
            _ = try other.accept(.sample(number, at: time.now), key: nil)
            #expect(store.version != before)
            #expect(store.version == other.version)
        }
    }

    @Test func `the version is another after a change that comes when the log was begun anew`() throws {
        let store = try open()
        _ = try store.accept(.sample(1, at: time.now), key: nil)
        let before = store.version
        _ = try store.pragma("wal_checkpoint(RESTART)")
        _ = try store.accept(.sample(2, at: time.now), key: nil)
        #expect(store.version != before)
    }
}
