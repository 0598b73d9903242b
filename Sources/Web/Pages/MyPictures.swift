import Jobs

/// The caller's latest jobs: those of the signed-in user, or those whose IDs the browser remembers.
extension RequestContext {
    /// The page of the latest jobs. Invalid IDs, removed jobs and other users' jobs are skipped.
    func myPictures() throws -> Reply {
        let links = links
        let jobs = try recentJobs() ?? namedJobs()
        return Reply(
            page: Layout(title: links.texts.myPictures, links: links).page(
                """
                \(jobs.isEmpty ? "<p>\(links.texts.noPictures)</p>" : nil as HTML?)
                \(JobCards(jobs: jobs, links: links).section)
                <p><a href="\(links.form)">\(links.texts.toForm)</a></p>
                """))
    }

    /// The latest jobs of a known caller; nil for others, since people may share an address.
    func recentJobs() throws -> [JobView]? {
        guard caller.isKnown else { return nil }
        return try store.jobs(JobQuery(client: client, limit: JobCards.limit)).items.map(view)
    }

    /// None for a link from another site, so that its jobs do not pass for the reader's own.
    private func namedJobs() throws -> [JobView] {
        guard !isFromOtherSite else { return [] }
        let names = (FormFields(query: path.query)["ids"] ?? "").split(separator: ",").prefix(JobCards.limit)
        var left = JobQuery(client: client).bytes
        var found: [JobView] = []
        for id in names.compactMap({ JobID(String($0)) }) where left > 0 {
            guard let job = try store.job(id) else { continue }
            left -= job.job.request.size
            if job.job.isOpen(to: client) { found.append(view(job)) }
        }
        return found
    }
}
