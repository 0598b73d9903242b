/// A job at Krea. Its state follows only from these members and the time.
struct SimulatedJob: Sendable {
    var id: String
    var token: String
    var route: SimulatedRoute
    var prompt: String
    var created: Int64
    var switches: Switches
    var course: Course
    /// The pictures of the result, in order.
    var pictures: [String]
    var size: PictureSize
    /// When a slot is free for the job; `Int64.max` for never. Cancelling another job can bring a future start forward.
    var starts: Int64
    /// When the job was cancelled before its end; nil if it was not.
    var cancelled: Int64?

    /// When the job ends; nil for never.
    var ends: Int64? {
        if let cancelled { return cancelled }
        guard let duration = course.walk.duration, starts != .max else { return nil }
        return starts + duration
    }

    /// The status word at `now`.
    func status(at now: Int64) -> String {
        if let cancelled, now >= cancelled { return JobStatus.cancelled.rawValue }
        guard now >= starts else { return JobStatus.backlogged.rawValue }
        return course.walk.status(after: now - starts) ?? course.ending.status.rawValue
    }

    func hasEnded(at now: Int64) -> Bool { ends.map { now >= $0 } ?? false }

    func isRunning(at now: Int64) -> Bool { now >= starts && !hasEnded(at: now) }

    func isBacklogged(at now: Int64) -> Bool { now < starts && !hasEnded(at: now) }

    /// Whether the job is billed, as all but failed and cancelled ones are.
    func isBilled(at now: Int64) -> Bool {
        ![JobStatus.failed.rawValue, JobStatus.cancelled.rawValue].contains(status(at: now))
    }

    /// The five members that answer a submission. The state is always a pending one, however short the job.
    func receipt(at now: Int64) -> JSON {
        let word = now < starts ? JobStatus.backlogged.rawValue : course.walk.stages.first?.status ?? JobStatus.queued.rawValue
        return ["job_id": .string(id), "status": .string(word), "created_at": createdAt, "completed_at": .null, "result": .null]
    }

    /// The job as a poll reads it. Result URLs start with `imageBase` and end with `query`.
    func json(at now: Int64, imageBase: String, query: String = "") -> JSON {
        var members: [String: JSON] = [
            "job_id": .string(id), "status": .string(status(at: now)), "created_at": createdAt, "completed_at": .null, "result": .null,
        ]
        guard let ends, now >= ends else { return .object(members) }
        members["completed_at"] = .string(ISOTime.text(ends))
        if cancelled == nil {
            let hasAddresses = course.ending == .completed(.missing) && course.addressesAfter.map { now >= ends + $0 } ?? false
            let ending = hasAddresses ? .completed(.list) : course.ending
            members.merge(ending.members(urls: pictures.map { "\(imageBase)/images/\($0).png\(query)" })) { $1 }
        }
        return .object(members)
    }

    private var createdAt: JSON { .string(ISOTime.text(created)) }
}
