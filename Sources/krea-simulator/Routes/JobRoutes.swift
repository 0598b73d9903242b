extension SimulatedKrea {
    /// Answers `GET /jobs/{id}` with the job at `now`, or 404 if it is unknown or another token's.
    mutating func poll(_ id: String, _ token: String, at now: Int64) -> Reaction {
        guard let job = workspaces[token]?[id] else { return Reaction(.jobNotFound) }
        let isExpired = job.switches.has(.imageExpired) && job.hasEnded(at: now) && expiredJobs.insert(id).inserted
        let json = job.json(at: now, imageBase: settings.imageBase, query: isExpired ? "?expired" : "")
        let reaction = Reaction(.json(200, json))
        return naming(job, spoilt(reaction, by: job.switches.faults(at: .poll), subject: id))
    }

    /// Answers `DELETE /jobs/{id}` with 200; from then on a poll reads `cancelled`.
    ///
    /// A job that has ended does not change, and the answer is 200 too: Krea's summary is "Delete a job", and no other code is documented.
    mutating func cancel(_ id: String, _ token: String, at now: Int64) -> Reaction {
        guard let job = workspaces[token]?[id] else { return Reaction(.jobNotFound) }
        if let fault = firstDue(of: job.switches.faults(at: .cancel), subject: id) {
            return naming(job, fault.spoiling(Reaction(.json(200, [:]))))
        }
        workspaces[token]?.cancel(id, at: now, concurrency: settings.concurrency)
        return naming(job, Reaction(.json(200, ["job_id": .string(id), "deleted": true])))
    }

    /// Answers `GET /jobs` with the newest jobs first.
    ///
    /// `next_cursor` is the last item's time of creation. A page includes all jobs of that millisecond, so a cursor never separates them.
    func list(_ target: Target, _ token: String, at now: Int64) -> Answer {
        let filter: JobFilter
        do { filter = try JobFilter(target.query) } catch { return .invalid(400, error.sentence) }
        let jobs = (workspaces[token]?.jobs ?? []).reversed().filter { filter.takes($0, at: now) }
        var page = jobs.prefix(filter.limit)
        while page.endIndex < jobs.endIndex, jobs[page.endIndex].created == page.last?.created { page = jobs[..<(page.endIndex + 1)] }
        let cursor = page.endIndex < jobs.endIndex ? page.last.map { JSON.string(ISOTime.text($0.created)) } : nil
        let items = page.map { listed($0, at: now) }
        return .json(200, ["items": .array(items), "next_cursor": cursor ?? .null])
    }

    /// The job as the list shows it.
    private func listed(_ job: SimulatedJob, at now: Int64) -> JSON {
        guard case .object(var members) = job.json(at: now, imageBase: settings.imageBase) else { return .null }
        members["created_at"] = settings.listedTime.written(job.created)
        if settings.listedBytes > 0 { members["note"] = .string(String(repeating: "x", count: settings.listedBytes)) }
        return .object(members)
    }

    private func naming(_ job: SimulatedJob, _ reaction: Reaction) -> Reaction {
        var named = reaction
        (named.jobID, named.prompt) = (job.id, job.prompt)
        return named
    }
}
