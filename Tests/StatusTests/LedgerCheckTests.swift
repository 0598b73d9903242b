import Jobs
import Testing
import TestSupport

@testable import Status

/// Reading the ledger a part at a time.
@Suite struct LedgerCheckTests {
    private static let start = Timestamp(milliseconds: 1_772_366_400_000)

    private func call(_ id: Int64, _ kind: Call.Kind = .submit, from start: Double, to end: Double?, job: JobID = .none) -> Call {
        Call(
            id: id, kind: kind, epoch: 1, job: job, pollRound: 1, startedAt: Self.start + .seconds(start),
            endedAt: end.map { Self.start + .seconds($0) }, outcome: end.map { _ in "accepted" })
    }

    @Test func `each call is read once, and what was broken stays broken`() throws {
        let store = FakeStore()
        var check = LedgerCheck(store.rules)
        store.ledger = [call(1, from: 0, to: 1), call(2, from: 5, to: 6)]
        try check.readNext(store, at: Self.start + .seconds(60))
        #expect(check.audit.callCount == 2)
        #expect(check.audit.brokenCount > 0)
        let broken = check.audit.brokenCount
        try check.readNext(store, at: Self.start + .seconds(60))
        #expect(check.audit.callCount == 2)
        #expect(check.audit.brokenCount == broken)
    }

    @Test func `a call that is under way is waited for, and not what comes after it read before`() throws {
        let store = FakeStore()
        var check = LedgerCheck(store.rules)
        store.ledger = [call(1, .catalogue, from: 0, to: 1), call(2, .list, from: 20, to: nil), call(3, .catalogue, from: 21, to: 22)]
        try check.readNext(store, at: Self.start + .seconds(22))
        #expect(check.lastCall == 1)
        store.ledger[1] = call(2, .list, from: 20, to: 23)
        try check.readNext(store, at: Self.start + .seconds(23))
        #expect(check.lastCall == 3)
    }

    @Test func `a call that can no longer be under way counts as interrupted`() throws {
        let store = FakeStore()
        var check = LedgerCheck(store.rules)
        store.ledger = [call(1, .list, from: 0, to: nil)]
        try check.readNext(store, at: Self.start + .seconds(60))
        #expect(check.lastCall == 0)
        try check.readNext(store, at: Self.start + .seconds(61))
        #expect(check.lastCall == 1)
        #expect(check.audit.withoutEnd == 1)
    }

    @Test func `what was said about a job a day ago is forgotten, what was said since is not`() throws {
        let store = FakeStore()
        let (old, new) = (JobID.sample(1), JobID.sample(2))
        var check = LedgerCheck(store.rules)
        store.ledger = [
            call(1, from: 0, to: 1, job: old), call(2, from: 1000, to: 1001, job: new), call(3, .catalogue, from: 87_000, to: 87_001),
        ]
        try check.readNext(store, at: Self.start + .seconds(87_002))
        // Paid for twice: of the new job that is noticed.
        store.ledger += [call(4, from: 87_100, to: 87_101, job: old), call(5, from: 87_200, to: 87_201, job: new)]
        try check.readNext(store, at: Self.start + .seconds(87_300))
        #expect(check.audit.broken.count == 1)
        #expect(check.audit.broken.first?.hasPrefix("Submission 5") == true)
    }
}
