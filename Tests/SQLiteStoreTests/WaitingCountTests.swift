import Jobs
import TestSupport
import Testing

@testable import SQLiteStore

/// Tests that the counts which triggers keep are what counting would give.
@Suite struct WaitingCountTests {
    private let time = TestTime()
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: 1...2)
    func `whatever happens, what is kept of the queue is what is in it`(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        var limits = QueueLimits()
        (limits.total, limits.perClient) = (10_000, 10_000)
        let store = try SQLiteStore(path: folder.file("jobs.sqlite"), rules: PaceRules(), limits: limits)
        let epoch = try store.takeOver(at: time.now)
        for number in UInt64(1)...600 {
            let client = Client(key: "user:\(Int.random(in: 1...3, using: &dice))")
            let submissions = [Submission](repeating: Submission(), count: Int.random(in: 1...3, using: &dice))
            let sample = try Job.sample(number, client: client, at: time.now)
            let job = Job(id: sample.id, request: sample.request, client: client, createdAt: time.now, submissions: submissions)
            _ = try store.accept(job, key: nil)
            switch Int.random(in: 0..<6, using: &dice) {
            case 0:
                if case .granted(let granted) = try store.claimSubmit(by: epoch, at: time.now) {
                    // Not sent, or lost: it waits again.
                    let outcomes: [CallResult<KreaJob>] = [.notSent, .answered(KreaJob(id: "k\(number)", status: "queued")), .noAnswer]
                    try store.recordSubmit(outcomes.randomElement(using: &dice)!, for: granted.call, at: time.now)
                }
            case 1: _ = try? store.cancel(.sample(UInt64.random(in: 1...number, using: &dice)), at: time.now)
            case 2:
                if case .granted(let granted) = try store.claimList(by: epoch, at: time.now) {
                    let list = AccountList(AccountPage(jobs: [], end: .last, kreaTime: time.now), askedAt: time.now)
                    _ = try store.recordList(.answered(list), for: granted.call, at: time.now) { _ in false }
                }
            default: time.advance(by: .seconds(31))
            }
        }
        _ = try store.removeFinished(before: time.now)
        try store.read { database in
            func rows(_ sql: String) throws -> [String] {
                try database.all("\(sql) ORDER BY 1") { columns in "\(columns.next() as String) \(columns.next() as Int)" }
            }
            let counted = try rows(
                """
                SELECT '' AS client, count(*) AS jobs FROM jobs WHERE state = 'waiting'
                UNION ALL SELECT client, count(*) FROM jobs WHERE state = 'waiting' GROUP BY client
                """)
            #expect(counted.count == 4)
            #expect(try rows("SELECT client, jobs FROM waiting_counts") == counted)
            let blocks = try rows("SELECT job >> 8, count(*) FROM submissions WHERE state = 'waiting' AND not_before IS NULL GROUP BY 1")
            #expect(blocks.count > 1)
            #expect(try rows("SELECT block, submissions FROM waiting_blocks") == blocks)
        }
        for queued in try store.jobs(JobQuery(client: nil, limit: 600, states: [.waiting])).items.filter({ item in
            // A submission with a place of its own is counted from there.
            !item.job.submissions.contains { $0.state == .waiting && $0.notBefore != nil }
        }).shuffled(using: &dice).prefix(20) {
            let ahead = """
                SELECT count(*) FROM submissions WHERE state = 'waiting' AND not_before IS NULL
                    AND job < (SELECT seq FROM jobs WHERE id = ?)
                """
            #expect(try store.read { try Int.first($0, ahead, [queued.job.id.description]) } == queued.position)
        }
    }
}
