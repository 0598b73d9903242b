/// A token's jobs in the order of submission, and the slots that they run in.
struct Workspace: Sendable {
    private(set) var jobs: [SimulatedJob] = []
    private var positions: [String: Int] = [:]

    subscript(id: String) -> SimulatedJob? { positions[id].map { jobs[$0] } }

    /// When a job submitted at `now` may start: at once, or when the first slot becomes free.
    func start(ofJobAt now: Int64, concurrency: Int?) -> Int64 {
        guard let concurrency else { return now }
        return max(now, slots(jobs, concurrency).min() ?? .max)
    }

    func backlogged(at now: Int64) -> Int { jobs.count { $0.isBacklogged(at: now) } }

    func billed(at now: Int64) -> Int { jobs.count { $0.isBilled(at: now) } }

    mutating func append(_ job: SimulatedJob) {
        positions[job.id] = jobs.count
        jobs.append(job)
    }

    /// Cancels a job that has not ended, and moves up those behind it.
    mutating func cancel(_ id: String, at now: Int64, concurrency: Int?) {
        guard let position = positions[id], !jobs[position].hasEnded(at: now) else { return }
        jobs[position].cancelled = now
        guard let concurrency else { return }
        for position in jobs.indices where jobs[position].isBacklogged(at: now) {
            jobs[position].starts = max(now, slots(jobs[..<position], concurrency).min() ?? .max)
        }
    }

    /// When each slot becomes free after these jobs.
    private func slots(_ jobs: some Sequence<SimulatedJob>, _ concurrency: Int) -> [Int64] {
        var free = [Int64](repeating: .min, count: concurrency)
        for job in jobs where job.cancelled.map({ $0 > job.starts }) ?? true {
            guard let slot = free.indices.min(by: { free[$0] < free[$1] }) else { break }
            free[slot] = job.ends ?? .max
        }
        return free
    }
}
