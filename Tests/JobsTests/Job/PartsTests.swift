import TestSupport
import Testing
import Web

@testable import Jobs

/// A job of several submissions: what it is follows from what they are.
@Suite struct PartsTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    private func job(_ states: [JobState]) throws -> Job {
        let one = try Job.sample(at: now)
        let parts = states.map { state in
            var part = Submission()
            part.state = state
            part.startedAt = state == .waiting ? nil : now
            part.finishedAt = state.isFinished ? now : nil
            part.urls = state == .completed ? ["https://gen.krea.ai/1.png"] : []
            part.failure =
                switch state {
                case .failed: JobFailure(.generationFailed)
                case .timedOut: JobFailure(.timedOut)
                case .cancelled: JobFailure(.cancelledBefore)
                default: nil
                }
            return part
        }
        return Job(id: one.id, request: one.request, client: one.client, createdAt: now, submissions: parts)
    }

    @Test(
        arguments: [
            ([.waiting, .waiting], .waiting), ([.submitting, .waiting], .submitting), ([.unconfirmed, .waiting], .unconfirmed),
            ([.unconfirmed, .submitting], .submitting), ([.running, .waiting], .running), ([.completed, .waiting], .running),
            ([.completed, .running], .running), ([.failed, .submitting], .running), ([.cancelled, .running], .running),
            ([.completed, .completed], .completed), ([.completed, .failed], .completed), ([.timedOut, .completed], .completed),
            ([.failed, .timedOut], .timedOut), ([.failed, .cancelled], .failed), ([.cancelled, .cancelled], .cancelled),
        ] as [([JobState], JobState)])
    func `the state of a job follows from those of its submissions`(states: [JobState], state: JobState) throws {
        #expect(try job(states).state == state)
        #expect(try job(states.reversed()).state == state)
    }

    @Test func `a part of the pictures is shown as such`() throws {
        let job = try job([.completed, .failed, .completed])
        #expect(job.urls.count == 2)
        #expect(job.failure == nil)
        #expect(
            job.warnings.map(\.sentence) == [
                "1 of 3 pictures could not be made: Krea could not make the picture — try again or change the prompt"
            ])
    }

    @Test func `a job without pictures has the failure that its state names`() throws {
        #expect(try job([.failed, .timedOut]).failure?.code == .timedOut)
        #expect(try job([.cancelled, .failed]).failure?.code == .generationFailed)
        #expect(try job([.failed, .running]).failure == nil)
    }

    @Test func `a cancellation takes back what has not ended, and only that`() throws {
        var job = try job([.completed, .running, .waiting])
        try job.cancel(at: now)
        #expect(job.submissions.map(\.state) == [.completed, .running, .cancelled])
        #expect(job.submissions.map(\.isCancelWanted) == [false, true, false])
        #expect(throws: AlreadyFinished()) {
            var ended = try self.job([.completed, .failed])
            try ended.cancel(at: now)
        }
    }

    @Test func `what timed out can be looked at again once nothing else is under way`() throws {
        var job = try job([.completed, .timedOut])
        try job.resume(at: now, rules: PaceRules())
        #expect(job.submissions.map(\.state) == [.completed, .running])
        var busy = try self.job([.timedOut, .running])
        #expect(throws: IllegalTransition(from: .running, to: .running)) { try busy.resume(at: now, rules: PaceRules()) }
    }

    @Test func `each submission that waits takes a place of its own in the timetable`() throws {
        let rules = PaceRules()
        let waiting = Timetable(QueuedJob(job: try job([.waiting, .waiting, .waiting]), position: 2, pace: Pace()), now: now, rules: rules)
        #expect(waiting.startsAt == now + .seconds(20))
        #expect(waiting.expectedAt == now + .seconds(40 + 30))
        let begun = Timetable(
            QueuedJob(job: try job([.running, .waiting]), position: 0, pace: Pace()), now: now + .seconds(3), rules: rules)
        #expect(begun.startsAt == now)
        #expect(begun.expectedAt == now + .seconds(3 + 30))
    }
}
