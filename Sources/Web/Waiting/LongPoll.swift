import Answers
import HTTPTypes
import Jobs

/// An answer about a job that is held until there is something to tell, or the time that the client set is over.
struct LongPoll: Sendable {
    let reader: JobReader
    let preference: WaitPreference
    /// The `If-None-Match` of the client: then every other answer is news, else only the end of the job is.
    let known: String?
    let format: Format
    let cors: CORS.Grant
    /// The answer as it is now.
    let told: @Sendable (JobReader) throws -> JobReader.Told
    private var time: HeldTime

    init(
        _ reader: JobReader, _ preference: WaitPreference, known: String?, as format: Format, cors: CORS.Grant,
        told: @escaping @Sendable (JobReader) throws -> JobReader.Told
    ) {
        self.reader = reader
        self.preference = preference
        self.known = known
        self.format = format
        self.cors = cors
        self.told = told
        time = HeldTime(preference.length, from: reader.application.now())
    }

    /// The answer if there is news already, or if it may not wait; else one that is held.
    func begin(mayWait: Bool) throws -> Reply {
        let (reply, isNews) = try look()
        guard !isNews, mayWait else { return noted(reply, isApplied: isNews) }
        return Reply(held: wait)
    }

    private var wait: Wait { Wait(for: reader.job, atMost: time.wait, next: next) }

    @Sendable private func next(_ occasion: Wait.Occasion) throws -> Answer {
        var rest = self
        rest.time.pass(occasion, at: reader.application.now())
        rest.time.speak()
        do {
            let (reply, isNews) = try look()
            guard isNews || rest.time.isOver || occasion == .stopping else { return Answer(wait: rest.wait) }
            return finished(noted(reply, isApplied: true))
        } catch let refusal as Refusal {
            return finished(Reply(refusal, as: format, at: reader.links))
        } catch let trouble as StoreUnavailable {
            return finished(Reply(reader.application.refusal(trouble), as: format, at: reader.links))
        }
    }

    private func look() throws -> (Reply, isNews: Bool) {
        let told = try told(reader)
        guard let known else { return (told.reply, told.isFinished) }
        guard told.reply.isNamed(in: known) else { return (told.reply, true) }
        return (told.reply.notModified, told.isSettled)
    }

    private func noted(_ reply: Reply, isApplied: Bool) -> Reply {
        var reply = reply
        reply.note(preference, isApplied: isApplied)
        return reply
    }

    private func finished(_ reply: Reply) -> Answer {
        var reply = reply
        cors.addHeaders(to: &reply)
        if !reply.hasCommonFields { reader.application.addCommonFields(to: &reply, isEmbedded: false) }
        return Answer(reply.response, reply.body)
    }
}

extension RequestContext {
    /// What the client says about waiting. Throws ``Refusal`` for a wait that cannot be.
    func waitPreference() throws(Refusal) -> WaitPreference? { try WaitPreference(request, query: path.query) }

    /// A job in a format for programs: as it is now or, if the client prefers to wait, as soon as there is news.
    func read(_ id: JobID, for format: Format, canWait: Bool = true) throws -> Reply {
        let (reader, world) = (reader(of: id), format == .json ? nil : world)
        guard canWait, let preference = try waitPreference() else {
            if format == .json { return try reader.json().reply(to: request) }
            var reply = try reader.text(as: format, in: world).reply
            reply.answerCondition(of: request)
            return reply
        }
        let poll = LongPoll(reader, preference, known: request.headerFields[.ifNoneMatch], as: format, cors: cors.grant) { reader in
            try format == .json ? reader.json().told : reader.text(as: format, in: world)
        }
        return try poll.begin(mayWait: mayWait)
    }
}
