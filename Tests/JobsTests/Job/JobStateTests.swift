@testable import Jobs
import Testing

@Suite struct JobStateTests {
    /// The table of the design, written out a second time: each state and where it leads.
    private static let ways: [(JobState, [JobState])] = [
        (.waiting, [.submitting, .failed, .cancelled]),
        (.submitting, [.running, .unconfirmed, .waiting, .failed, .cancelled]),
        (.unconfirmed, [.running, .waiting, .failed, .cancelled]),
        (.running, [.completed, .failed, .cancelled, .timedOut]),
        (.timedOut, [.running, .completed, .failed, .cancelled]),
        (.completed, []), (.failed, [.running]), (.cancelled, []),
    ]

    @Test(arguments: ways)
    func `a state leads where the table says and nowhere else`(from: JobState, to: [JobState]) {
        #expect(JobState.allCases.filter(from.canBecome) == JobState.allCases.filter(to.contains))
    }

    @Test func `a paid call is only ever made from waiting`() {
        #expect(JobState.allCases.filter { $0.canBecome(.submitting) } == [.waiting])
    }

    @Test func `no state leads to itself`() {
        #expect(!JobState.allCases.contains { $0.canBecome($0) })
    }

    @Test(arguments: [
        (JobState.waiting, "backlogged"), (.submitting, "queued"), (.unconfirmed, "queued"), (.running, "sampling"),
        (.completed, "completed"), (.failed, "failed"), (.cancelled, "cancelled"), (.timedOut, "failed"),
    ])
    func `programs written for Krea read a word of Krea's`(state: JobState, status: String) throws {
        let valid = try GenerationRequest.validate(["prompt": .string("a lighthouse")])
        var job = Job(
            id: JobID("00000000-0000-4000-8000-000000000000")!, request: valid.request, client: Client(key: "user:ann"),
            createdAt: Timestamp(milliseconds: 0))
        job[1].state = state
        job[1].kreaStatus = "sampling"
        #expect(job.status == status)
        // A job that goes on has not ended, whatever Krea's word was.
        job[1].kreaStatus = "completed"
        #expect(job.status == (state == .running ? "processing" : status))
    }
}
