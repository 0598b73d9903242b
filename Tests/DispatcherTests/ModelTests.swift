import Foundation
import Jobs
import TestSupport
import Testing

/// Random histories from fixed seeds: people come and cancel, answers are lost, processes are killed at any commit or stopped and replaced,
/// the clock jumps, Krea has other routes than the brief and makes one picture a job. After each, nothing may be lost, nothing paid for twice, and no rule of pace broken.
@Suite struct ModelTests {
    private static let seeds = 400

    /// All seeds, or the one in `KREA_FCGI_SEED`: a failure names its seed.
    @Test func `whatever happens, every job ends, none is paid for twice, and the pace is kept`() async throws {
        if let text = ProcessInfo.processInfo.environment["KREA_FCGI_SEED"], let seed = UInt64(text) {
            return try await History(seed: seed).check()
        }
        try await withThrowingTaskGroup { group in
            for part in 0..<4 {
                group.addTask {
                    for seed in 0..<Self.seeds where seed % 4 == part { try await History(seed: UInt64(seed)).check() }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// One random history.
private final class History {
    private static let moods: [String] = [
        "", "", "", "", "[[429]]", "[[429-poll]]", "[[429-retry-after:50]]", "[[cut]]", "[[cut]]", "[[cut-before]]", "[[truncated]]",
        "[[empty]]", "[[garbled]]", "[[500]]", "[[502-created]]", "[[slow:60000]]", "[[failed]]", "[[no-urls]]", "[[402:1]]", "[[401:1]]",
        "[[500-poll:3]]", "[[cut-poll]]", "[[404-poll:2]]", "[[timeout:400000]]", "[[500-cancel]]", "[[cancelled]]",
    ]

    private let seed: UInt64
    private var random: SeededGenerator
    private let time = TestTime()
    private let krea: SimulatedTransport
    private let store = temporaryStore()
    private let liveness = MemoryLiveness()
    private var process: CrashingStore
    private var dispatcher: VirtualDispatcher
    /// Those that are stopped and may wake up.
    private var stopped: [VirtualDispatcher] = []
    private var ids: [JobID] = []

    init(seed: UInt64) async throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        krea = SimulatedTransport(
            time: time, runSeconds: Double.random(in: 1...60, using: &random), current: Bool.random(using: &random),
            backlog: Bool.random(using: &random) ? 2 : nil,
            concurrency: 2)
        process = Self.process(store, krea)
        dispatcher = try await VirtualDispatcher(process, krea, time, liveness)
    }

    private static func process(_ store: any JobStore, _ krea: SimulatedTransport) -> CrashingStore {
        CrashingStore(store) { krea.loseLatestAnswer() }
    }

    func check() async throws {
        for _ in 0..<Int.random(in: 10...40, using: &random) { try await act() }
        try await end()
        let rules = store.rules
        let calls = krea.calls
        let broken = calls.brokenRules(rules)
        #expect(broken.isEmpty, "seed \(seed)")
        for id in ids {
            let job = try #require(try store.job(id)?.job)
            #expect(job.state.isFinished, "seed \(seed): \(job.request.prompt) is \(job.state)")
            let created = calls.filter { $0.isSubmission && $0.kreaID != nil && $0.prompt == job.request.prompt }
            #expect(
                created.count <= job.submissions.count, "seed \(seed): \(job.request.prompt) was paid for \(created.count) times")
            // Nobody gets somebody else's picture, or the same one twice.
            let kreaIDs = job.submissions.compactMap(\.kreaID)
            #expect(Set(kreaIDs).count == kreaIDs.count, "seed \(seed)")
            #expect(Set(kreaIDs).isSubset(of: created.compactMap(\.kreaID)), "seed \(seed)")
            if job.submissions.contains(where: { $0.failure?.code == .submissionUnconfirmed }) {
                Issue.record("seed \(seed): \(job.request.prompt) was given up")
            }
        }
    }

    private func act() async throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<7:
            let mood = Self.moods.randomElement(using: &random) ?? ""
            let number = UInt64(ids.count + 1)
            let job = try Job.sample(
                number, prompt: "picture \(number) \(mood)",
                members: ["batch_size": .number(Double(Int.random(in: 1...3, using: &random)))],
                client: Client(key: "user:\(number)"), by: store.catalogue(), at: time.now)
            _ = try store.accept(job, key: nil)
            ids.append(job.id)
        case 7..<12:
            try await run(for: .milliseconds(Int.random(in: 0...40_000, using: &random)))
        case 12..<15:
            process.die(afterCalls: Int.random(in: 1...6, using: &random), committed: Bool.random(using: &random))
            try await run(for: .seconds(30))
        case 15:
            if let id = ids.randomElement(using: &random) { _ = try? store.cancel(id, at: time.now) }
        case 16:
            if let id = ids.randomElement(using: &random) { _ = try? store.resume(id, at: time.now) }
        case 17:
            // The process is stopped between two calls; another takes over. The stopped one may wake up later.
            stopped.append(dispatcher)
            try await succeed()
        case 18:
            time.step(by: .seconds(Int.random(in: -7200...7200, using: &random)))
        default:
            krea.setOutage(Bool.random(using: &random) ? nil : .unreachable)
        }
        if Int.random(in: 0..<4, using: &random) == 0, let awake = stopped.popLast() {
            // Whatever it still tries, it finds itself leadershipLost and goes.
            await #expect(throws: LeadershipLost.self) { try await awake.turn() }
            liveness.withdraw(awake.epoch)
        }
    }

    private func end() async throws {
        krea.setOutage(nil)
        for gone in stopped { liveness.withdraw(gone.epoch) }
        for _ in 0..<200 {
            try store.follow(time.origin)
            try store.release(at: time.now)
            try await run(for: .seconds(600))
            let isOver = try ids.allSatisfy { try store.job($0)?.job.state.isFinished ?? false }
            if isOver { return }
        }
    }

    /// Lets the dispatcher work for so long; a new one takes its place when it dies.
    private func run(for duration: Duration) async throws {
        do {
            try await dispatcher.run(until: time.now + duration)
        } catch is LeadershipLost {
            liveness.withdraw(dispatcher.epoch)
            try await succeed()
        }
        if process.isDead {
            liveness.withdraw(dispatcher.epoch)
            try await succeed()
        }
    }

    private func succeed() async throws {
        process = Self.process(store, krea)
        dispatcher = try await VirtualDispatcher(process, krea, time, liveness)
    }
}
