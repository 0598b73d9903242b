import Jobs

/// What the tables of a database hold.
struct MemoryContents {
    var jobs: [Job] = []
    /// The numbers of the jobs in the queue, removed ones too.
    var numbers: [JobID: Int64] = [:]
    var keys: [TextKey: JobID] = [:]
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

    /// A submission that waits, by what the queue is ordered.
    struct Waiting {
        let place: Place
        let order: (Int64, Int64, Int)
        let notBefore: Timestamp?
    }

    /// Everything that waits, in the order of the queue.
    var queue: [Waiting] {
        jobs.flatMap { job in
            let number = numbers[job.id] ?? 0
            return job.submissions.indices.filter { job.submissions[$0].state == .waiting }.map { index in
                Waiting(
                    place: (job.id, index + 1), order: (job.submissions[index].place ?? number, number, index),
                    notBefore: job.submissions[index].notBefore)
            }
        }.sorted { $0.order < $1.order }
    }

    /// The submission that is to be made next.
    func nextWaiting(at now: Timestamp) -> Waiting? {
        let due = queue.filter { $0.notBefore ?? now <= now }
        let lost = clientsOfLatestLosses
        let ofAnother = due.first { waiting in find(waiting.place.job).map { !lost.contains($0.client) } ?? false }
        return ofAnother ?? due.first ?? queue.min { $0.notBefore ?? now < $1.notBefore ?? now }
    }

    /// The clients whose answers were lost in the present row.
    private var clientsOfLatestLosses: Set<Client> {
        let lost = calls.filter { $0.kind == .submit && $0.outcome == .lost }.suffix(pace.latestLosses)
        return Set(lost.compactMap { find($0.job)?.client })
    }

    /// The first submission in the queue that is in this state.
    func first(_ state: JobState) -> Place? {
        earliest { $0.state == state ? .epoch : nil }
    }

    /// The job whose delivery is due first.
    var firstToAnnounce: JobID? {
        let due = jobs.compactMap { job in job.delivery?.nextAttemptAt.map { (job.id, $0) } }
        return due.min { $0.1 < $1.1 }?.0
    }

    func queued(_ job: Job) -> QueuedJob {
        let mine = queue.filter { $0.place.job == job.id }
        var (position, behind, retries) = (0, 0, [Timestamp]())
        if let next = mine.first(where: { $0.notBefore == nil }) ?? mine.min(by: { $0.notBefore ?? .epoch < $1.notBefore ?? .epoch }) {
            let ahead = queue.filter { $0.order < next.order }
            position = ahead.count { $0.notBefore == nil }
            behind = next.notBefore == nil ? 0 : queue.count { $0.notBefore == nil } - position
            retries = ahead.compactMap(\.notBefore)
        }
        let runs = jobs.filter { $0.request.model == job.request.model }.flatMap(\.submissions).filter { $0.state == .completed }
        let usualRun = runs.suffix(QueuedJob.runsThatCount).compactMap { run in
            run.finishedAt.flatMap { end in run.startedAt.map { end - $0 } }
        }.median
        return QueuedJob(
            job: job, position: position, behind: behind, retriesAhead: retries, pace: pace,
            usualRun: job.state.isFinished ? nil : usualRun,
            pictures: pictures.filter { $0.job == job.id }.map(\.picture))
    }

    func check(_ epoch: Int) throws {
        guard epoch == self.epoch else { throw LeadershipLost() }
    }

    mutating func update(_ id: JobID, _ body: (inout Job, inout MemoryContents) throws -> Void) throws -> Job {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { throw UnknownJob(id: id) }
        var job = jobs[index]
        try body(&job, &self)
        job.planDelivery()
        jobs[index] = job
        return job
    }

    mutating func insertCall(_ kind: Call.Kind, epoch: Int, for job: Job?, part: Int, at now: Timestamp) -> Call {
        lastCall += 1
        let call = Call(
            id: lastCall, kind: kind, epoch: epoch, job: job?.id ?? .none, part: part, pollRound: job?[part].pollRound ?? 1, startedAt: now)
        calls.append(call)
        return call
    }

    mutating func complete(_ call: Call, _ outcome: CallOutcome, at now: Timestamp) {
        guard let index = calls.firstIndex(where: { $0.id == call.id }) else { return }
        calls[index].endedAt = now
        calls[index].outcome = outcome
    }

    /// Brings back every time that lies further ahead than any rule can have put it. Returns how many did.
    mutating func boundTimes(at now: Timestamp, rules: PaceRules) -> Int {
        var count = pace.bound(at: now, rules: rules)
        for job in jobs.indices {
            for index in jobs[job].submissions.indices where !jobs[job].submissions[index].state.isFinished {
                count += jobs[job].submissions[index].bound(at: now, rules: rules)
            }
            if let next = jobs[job].delivery?.nextAttemptAt, next > now + WebhookDelivery.longestPause {
                jobs[job].delivery?.nextAttemptAt = now + WebhookDelivery.longestPause
                count += 1
            }
        }
        for index in pictures.indices {
            guard let next = pictures[index].picture.nextAttemptAt, next > now + Picture.longestPause else { continue }
            pictures[index].picture.nextAttemptAt = now + Picture.longestPause
            count += 1
        }
        return count
    }
}
