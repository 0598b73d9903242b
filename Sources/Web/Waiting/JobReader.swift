import HTTPTypes
import Jobs

/// One job and the client that reads it, now or later: all that an answer keeps of a request that waits.
struct JobReader: Sendable {
    let application: Application
    let links: Links
    let mount: TextKey
    let client: Client
    /// Whether a key or the web server identifies the client, and not only an address.
    let isKnown: Bool
    let job: JobID

    /// What is told of the job now.
    struct Told {
        let reply: Reply
        let isFinished: Bool
        /// Whether nothing about the job will ever be different.
        let isSettled: Bool
    }

    /// The job as it is now. Throws ``Refusal`` when there is none, or none any more, or when it is another user's.
    func view() throws -> JobView {
        let queued = try queued()
        guard queued.job.isOpen(to: client) else { throw Refusal(.unknownJob) }
        return JobView(queued, now: application.now(), rules: application.store.rules)
    }

    /// The job's JSON: made once for all who ask in the same moment.
    func json() throws -> JobResponseCache.Answer {
        let key = JobResponseCache.Key(job: job, mount: mount, reader: isKnown ? client : nil)
        let answer = try application.answers.answer(key, application.store.version, at: application.now()) { now in
            let queued = try queued()
            let view = JobView(queued, now: now, rules: application.store.rules)
            var reply = json(of: view)
            application.addCommonFields(to: &reply, isEmbedded: false)
            return (told(reply, of: view), queued.job.client, view.looksTheSameUntil(keepsPictures: links.settings.keepsPictures))
        }
        guard answer.owner.jobsAreOpen(to: client) else { throw Refusal(.unknownJob) }
        return answer
    }

    private func json(of view: JobView) -> Reply {
        let isForOwner = isOwner(of: view.job)
        var reply = Reply(json: JobJSON(view, at: links, isForOwner: isForOwner))
        reply.addHeaders(of: view, links.settings, isForOwner: isForOwner)
        reply.nameBody()
        return reply
    }

    /// The job as text. `world` is where the service is for everyone.
    func text(as format: Format, in world: Links?) throws -> Told {
        let view = try view()
        let text = JobText(view: view, links: links, world: world)
        var reply = Reply(.ok, text: format == .markdown ? text.markdown : text.plain, as: format)
        reply.addHeaders(of: view, links.settings)
        reply.nameBody()
        return told(reply, of: view)
    }

    /// The job's JSON for a program that has just created it: 200 when it has ended, else 202.
    func created() throws -> Told {
        let view = try view()
        return try told(application.withRateLimit(created(view.isFinished ? .ok : .accepted, view), for: client), of: view)
    }

    /// The same at once.
    func created(_ status: HTTPResponse.Status, _ view: JobView) -> Reply {
        var reply = changed(status, view)
        reply.fields[.location] = links.json(of: job)
        return reply
    }

    /// The job's JSON for a program that has changed it.
    func changed(_ status: HTTPResponse.Status, _ view: JobView) -> Reply {
        var reply = Reply(status, json: JobJSON(view, at: links, isForOwner: isOwner(of: view.job)))
        reply.fields[.retryAfter] = view.retryAfter.map(String.init)
        return reply
    }

    private func told(_ reply: Reply, of view: JobView) -> Told {
        Told(reply: reply, isFinished: view.isFinished, isSettled: view.isSettled(keepsPictures: links.settings.keepsPictures))
    }

    /// Whether the job belongs to the one who asks, as a key or the web server says. An address proves nothing: several people may share it.
    private func isOwner(of job: Job) -> Bool { isKnown && job.client == client }

    private func queued() throws -> QueuedJob {
        guard let queued = try application.store.job(job) else { throw try missing() }
        return queued
    }

    /// What is said of a job that is not there.
    func missing() throws -> Refusal {
        try Refusal(application.store.wasRemoved(job) ? .removedJob : .unknownJob)
    }
}

extension RequestContext {
    func reader(of id: JobID) -> JobReader {
        JobReader(
            application: application, links: links, mount: TextKey(path.mount), client: client, isKnown: caller.isKnown, job: id)
    }
}
