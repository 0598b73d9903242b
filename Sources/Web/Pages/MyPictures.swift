import Jobs

/// The last jobs of whoever asks: those of the user who is signed in, or those whose IDs the browser has kept.
extension RequestContext {
    /// A page of them. IDs that are none, of jobs that are gone or of other users', are passed over.
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

    /// The last jobs of the user; nil where nobody is signed in, for jobs of one address may be several people's.
    func recentJobs() throws -> [JobView]? {
        guard caller.isKnown else { return nil }
        return try store.jobs(JobQuery(client: client, limit: JobCards.limit)).items.map(view)
    }

    /// None for a link of another site, whose jobs would be taken for the reader's own.
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
