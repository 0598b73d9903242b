import Jobs

/// What the tables of a database hold.
struct MemoryContents {
    var jobs: [Job] = []
    var keys: [String: JobID] = [:]
    var removed: Set<JobID> = []
    var calls: [Call] = []
    var lastCall: Int64 = 0
    var pace = Pace()
    var epoch = 0
    var heartbeatAt = Timestamp.epoch
    var clock: ClockOrigin?

    var waiting: [Job] { jobs.filter { $0.state == .waiting } }

    func find(_ id: JobID) -> Job? {
        jobs.first { $0.id == id }
    }

    func earliest(_ moment: (Submission) -> Timestamp?) -> Job? {
        jobs.filter { moment($0.submission) != nil }.min { moment($0.submission)! < moment($1.submission)! }
    }

    func queued(_ job: Job) -> QueuedJob {
        let ahead = job.state == .waiting ? jobs.prefix { $0.id != job.id }.count { $0.state == .waiting } : 0
        let runs = jobs.filter { $0.state == .completed && $0.request.model == job.request.model }.suffix(QueuedJob.runsThatCount)
        let usualRun = runs.compactMap { run in
            run.submission.finishedAt.flatMap { end in run.submission.startedAt.map { end - $0 } }
        }.median
        return QueuedJob(job: job, position: ahead, pace: pace, usualRun: job.state.isFinished ? nil : usualRun)
    }

    func check(_ epoch: Int) throws {
        guard epoch == self.epoch else { throw Superseded() }
    }

    mutating func update(_ id: JobID, _ body: (inout Submission, inout Pace) throws -> Void) throws -> Job {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { throw UnknownJob(id: id) }
        try body(&jobs[index].submission, &pace)
        return jobs[index]
    }

    mutating func insertCall(_ kind: Call.Kind, epoch: Int, for job: Job, at now: Timestamp) -> Call {
        lastCall += 1
        let call = Call(id: lastCall, kind: kind, epoch: epoch, job: job.id, look: job.submission.look, startedAt: now)
        calls.append(call)
        return call
    }

    mutating func complete(_ call: Call, _ outcome: String, at now: Timestamp) {
        guard let index = calls.firstIndex(where: { $0.id == call.id }) else { return }
        calls[index].endedAt = now
        calls[index].outcome = outcome
    }
}
