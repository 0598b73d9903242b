import HTTPTypes
import Jobs
import Logging

/// Taking new jobs, from the form and from programs.
extension RequestContext {
    func acceptForm() throws -> Reply {
        try requireMediaType("application/x-www-form-urlencoded")
        guard let fields = FormFields(body) else {
            throw Refusal.brokenBody("The form is not well encoded UTF-8, or has more than \(FormFields.most) fields.")
        }
        var form = JobForm(fields, newToken: application.newID)
        do {
            let job = try accept(form.members, key: form.key(of: caller)?.text).job.job
            // The end of the address tells the script whose job it is: that of the browser that has just sent this form, and no other.
            return try withRateLimit(Reply(seeOther: "\(links.page(of: job.id))#new=\(form.token)"))
        } catch let invalid as InvalidRequest {
            form.shorten()
            (form.problems, form.otherProblems) = (invalid.problems, invalid.others)
            return try Reply(.unprocessableContent, page: page(of: form).html)
        } catch let refusal as Refusal {
            form.shorten()
            return try Reply(refusal.status, page: page(of: form, obstacle: links.texts.refusal(refusal)).html).with(refusal)
        }
    }

    /// The page of a form; `obstacle` is what stands in the way of the whole.
    func page(of form: JobForm, obstacle: String? = nil) throws -> FormPage {
        try FormPage(
            form: form, links: links, offers: ModelOffers(store.catalogue()), obstacle: obstacle, allowance: allowance(), mine: recentJobs()
        )
    }

    func acceptJSON() throws -> Reply {
        try acceptJSON(jsonMembers(), status: .accepted)
    }

    /// Takes a job as Krea does: the address names the model, and the status is 200 as Krea's is.
    func acceptGeneration(at route: String) throws -> Reply {
        guard let model = Model.atRoute(route) else { throw Refusal.unknownRoute(route) }
        return try acceptJSON(jsonMembers(), model: model, status: .ok)
    }

    private func jsonMembers() throws -> [String: JSONValue] {
        try requireMediaType("application/json")
        return try JSONInput.members(of: body)
    }

    /// - Parameters:
    ///   - model: The model, where the address names it.
    ///   - status: Of the answer for a job that is new.
    private func acceptJSON(_ members: [String: JSONValue], model: Model? = nil, status: HTTPResponse.Status) throws -> Reply {
        var members = members
        let accepted: (isNew: Bool, job: QueuedJob)
        do {
            let webhook = try takeWebhook(from: &members)
            accepted = try accept(members, model: model, webhook: webhook, key: idempotencyKey())
        } catch let invalid as InvalidRequest {
            throw Refusal(invalid)
        }
        var reply = jobReply(accepted.isNew ? status : .ok, accepted.job)
        reply.fields[.location] = links.json(of: accepted.job.job.id)
        return try withRateLimit(reply)
    }

    /// The job, for a program that has just changed something about it.
    func jobReply(_ status: HTTPResponse.Status, _ queued: QueuedJob) -> Reply {
        let view = view(queued)
        var reply = Reply(status, json: JobJSON(view, at: links, isForOwner: isOwner(of: view.job)))
        reply.fields[.retryAfter] = view.retryAfter.map(String.init)
        return reply
    }

    /// Keeps a job, or finds the one that `key` brought before. Throws `InvalidRequest`, ``Refusal``, and what the store throws.
    ///
    /// - Parameters:
    ///   - id: Of the job; a new one if not given.
    ///   - owner: Whose job it is; whoever asks if not given.
    func accept(
        _ members: [String: JSONValue], id: JobID? = nil, for owner: Client? = nil, model: Model? = nil, webhook: String? = nil,
        key: String?
    ) throws -> (isNew: Bool, job: QueuedJob) {
        guard links.settings.hasToken else { throw Refusal.tokenMissing }
        let valid = try GenerationRequest.validate(members, model: model, by: store.catalogue())
        let now = application.now()
        let job = Job(
            id: id ?? application.newID(), request: valid.request, client: owner ?? client, requestWarnings: valid.warnings, createdAt: now,
            submissions: valid.submissions, delivery: webhook.map(WebhookDelivery.init))
        switch try store.accept(job, key: key) {
        case .new(let queued):
            application.logger.info("job accepted", metadata: ["job": "\(job.id)", "model": "\(job.request.model.id)"])
            return (true, queued)
        case .existing(let queued): return (false, queued)
        case .conflict: throw Refusal.idempotencyConflict
        case .dailyLimit(let allowance): throw Refusal.dailyLimit(allowance, now: now)
        case .spendLimit(let until?): throw Refusal.spendLimit(retryAfter: (until - now).retryAfter)
        case .spendLimit(nil): throw Refusal.tooExpensive
        case .full(let queue, let until): throw Refusal.queueFull(queue, store.limits, retryAfter: (until - now).retryAfter)
        }
    }

    private func idempotencyKey() throws(Refusal) -> String? {
        guard let value = request.headerFields[.idempotencyKey] else { return nil }
        return try IdempotencyKey(value, of: caller).text
    }

    /// Refuses a body that is said to be something else, or to be compressed, which no body needs to be. Parameters such as a charset do not
    /// matter: both kinds of body are UTF-8 by their own rules.
    private func requireMediaType(_ needed: String) throws(Refusal) {
        let codings = (request.headerFields[.contentEncoding] ?? "").split(separator: ",").map(\.trimmingSpaces)
        // RFC 9110, section 12.5.3: "identity" stands for no coding at all.
        if let coding = codings.first(where: { !$0.isEmpty && $0.lowercased() != "identity" }) { throw .contentCoding(coding) }
        let given = (request.headerFields[.contentType] ?? "").prefix { $0 != ";" }
        guard given.trimmingSpaces.lowercased() == needed else { throw .wrongMediaType(needed: needed) }
    }
}

extension HTTPField.Name {
    /// draft-ietf-httpapi-idempotency-key-header-06, section 2.
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
