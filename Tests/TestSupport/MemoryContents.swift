import Jobs

/// What the tables of a database hold.
struct MemoryContents {
    var jobs: [Job] = []
    var keys: [String: JobID] = [:]
    var removed: Set<JobID> = []
    var calls: [Call] = []
    var lastCall: Int64 = 0
    var pictures: [MemoryPicture] = []
    var lastPicture: Int64 = 0
    var unneeded: Set<PictureFile> = []
    var pace = Pace()
    var epoch = 0
    var heartbeatAt = Timestamp.epoch
    var clock: ClockOrigin?
    var catalogue = Catalogue.builtIn

    var waiting: [Job] { jobs.filter { $0.state == .waiting } }

    func find(_ id: JobID) -> Job? {
        jobs.first { $0.id == id }
    }

    /// A submission of a job.
    typealias Place = (job: JobID, part: Int)

    /// The submission for which `moment` is the earliest; of several the first in the queue.
    func earliest(_ moment: (Submission) -> Timestamp?) -> Place? {
        var found: (place: Place, moment: Timestamp)?
        for job in jobs {
            for (index, submission) in job.submissions.enumerated() {
                guard let moment = moment(submission), moment < found?.moment ?? Timestamp(milliseconds: .max) else { continue }
                found = ((job.id, index + 1), moment)
            }
        }
        return found?.place
    }

    func submission(_ place: Place?) -> Submission? {
        place.flatMap { place in find(place.job)?[place.part] }
    }

    /// The first submission in the queue that is in this state.
    func first(_ state: JobState) -> Place? {
        earliest { $0.state == state ? .epoch : nil }
    }

    /// The job whose announcement is due first.
    var firstToAnnounce: JobID? {
        let due = jobs.compactMap { job in job.announcement?.nextAttemptAt.map { (job.id, $0) } }
        return due.min { $0.1 < $1.1 }?.0
    }

    func queued(_ job: Job) -> QueuedJob {
        let isWaiting = { (submission: Submission) in submission.state == .waiting }
        var position = 0
        if job.submissions.contains(where: isWaiting) {
            position = jobs.prefix { $0.id != job.id }.reduce(0) { $0 + $1.submissions.count(where: isWaiting) }
        }
        let runs = jobs.filter { $0.request.model == job.request.model }.flatMap(\.submissions).filter { $0.state == .completed }
        let usualRun = runs.suffix(QueuedJob.runsThatCount).compactMap { run in
            run.finishedAt.flatMap { end in run.startedAt.map { end - $0 } }
        }.median
        return QueuedJob(
            job: job, position: position, pace: pace, usualRun: job.state.isFinished ? nil : usualRun,
            pictures: pictures.filter { $0.job == job.id }.map(\.picture))
    }

    func check(_ epoch: Int) throws {
        guard epoch == self.epoch else { throw Superseded() }
    }

    mutating func update(_ id: JobID, _ body: (inout Job, inout MemoryContents) throws -> Void) throws -> Job {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { throw UnknownJob(id: id) }
        var job = jobs[index]
        try body(&job, &self)
        job.planAnnouncement()
        jobs[index] = job
        return job
    }

    mutating func insertCall(_ kind: Call.Kind, epoch: Int, for job: Job?, part: Int, at now: Timestamp) -> Call {
        lastCall += 1
        let call = Call(
            id: lastCall, kind: kind, epoch: epoch, job: job?.id ?? .none, part: part, look: job?[part].look ?? 1, startedAt: now)
        calls.append(call)
        return call
    }

    mutating func complete(_ call: Call, _ outcome: String, at now: Timestamp) {
        guard let index = calls.firstIndex(where: { $0.id == call.id }) else { return }
        calls[index].endedAt = now
        calls[index].outcome = outcome
    }
}
