import TestSupport
import Testing

@testable import Jobs

@Suite struct TimetableTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    private func times(_ state: JobState, position: Int, usualRun: Duration? = nil, _ change: (inout Pace) -> Void = { _ in }) throws
        -> Timetable
    {
        var job = try Job.sample(at: now)
        job[1].state = state
        job[1].startedAt = state == .waiting ? nil : now
        var pace = Pace()
        change(&pace)
        return Timetable(QueuedJob(job: job, position: position, pace: pace, usualRun: usualRun), now: now, rules: PaceRules())
    }

    @Test func `a waiting job starts when the pace lets the jobs before it and itself through`() throws {
        #expect(try times(.waiting, position: 0).startsAt == now)
        #expect(try times(.waiting, position: 3).startsAt == now + .seconds(30))
        let later = try times(.waiting, position: 1) { $0.plannedSubmitAt = now + .seconds(4) }
        #expect(later.startsAt == now + .seconds(14))
        #expect(later.expectedAt == now + .seconds(44))
    }

    @Test func `a silence and an empty balance move the whole timetable, a refused token leaves none`() throws {
        #expect(try times(.waiting, position: 1) { $0.silentUntil = now + .seconds(30) }.startsAt == now + .seconds(40))
        #expect(try times(.waiting, position: 1) { $0.creditHoldUntil = now + .seconds(300) }.startsAt == now + .seconds(310))
        #expect(try times(.waiting, position: 1) { $0.isTokenRefused = true }.startsAt == nil)
    }

    @Test func `a call that is being made does not move the timetable`() throws {
        let planned = try times(.waiting, position: 2) { $0.claimSubmit(at: now, rules: PaceRules()) }
        #expect(planned.startsAt == now + .seconds(30))
    }

    @Test func `a job is expected after the median of the latest runs, or the brief's range before there are any`() throws {
        #expect(try times(.running, position: 0).expectedAt == now + .seconds(30))
        #expect(try times(.running, position: 0, usualRun: .seconds(9)).expectedAt == now + .seconds(9))
    }

    @Test func `nothing is expected of a finished job`() throws {
        #expect(try times(.completed, position: 0).expectedAt == nil)
        #expect(try times(.completed, position: 0).startsAt == now)
    }

    @Test(arguments: [([], nil), ([5], 5), ([9, 1], 1), ([3, 1, 2], 2)] as [([Int], Int?)])
    func `the median is the one in the middle`(numbers: [Int], median: Int?) {
        #expect(numbers.median == median)
    }
}
