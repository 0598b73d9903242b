import HTTPTypes
import Jobs
import Logging

/// Accepting new jobs from the form and from programs.
extension RequestContext {
    func acceptForm() throws -> Reply {
        try requireMediaType("application/x-www-form-urlencoded")
        guard let fields = FormFields(body) else {
            throw Refusal(.brokenForm)
        }
        var form = JobForm(fields, newToken: application.newID)
        do {
            let job = try accept(form.members, key: form.key(of: caller)?.text).job.job
            // The fragment tells the script that this browser has just sent the form, and no other.
            return try application.withRateLimit(Reply(seeOther: "\(links.page(of: job.id))#new=\(form.token)"), for: client)
        } catch let invalid as InvalidRequest {
            form.shorten()
            (form.problems, form.otherProblems) = (invalid.problems, invalid.others)
            return try Reply(.unprocessableContent, page: page(of: form).html)
        } catch let refusal as Refusal {
            form.shorten()
            return try Reply(refusal.status, page: page(of: form, obstacle: links.texts.refusal(refusal)).html).with(refusal)
        }
    }

    /// The page of a form; `obstacle` is a problem with the whole form.
    func page(of form: JobForm, obstacle: String? = nil) throws -> FormPage {
        try FormPage(
            form: form, links: links, offers: ModelOffers(store.catalogue()), obstacle: obstacle,
            allowance: application.allowance(of: client),
            mine: recentJobs()
        )
    }

    func acceptJSON() throws -> Reply {
        try acceptJSON(jsonMembers(), status: .accepted)
    }

    /// Accepts a job as Krea does: the address names the model, and the status is 200.
    func acceptGeneration(with model: Model) throws -> Reply {
        try acceptJSON(jsonMembers(), model: model, status: .ok)
    }

    private func jsonMembers() throws -> [String: JSONValue] {
        try requireMediaType("application/json")
        return try JSONInput.members(of: body)
    }

    /// - Parameters:
    ///   - model: The model, if the address names it.
    ///   - status: The status for a new job.
    private func acceptJSON(_ members: [String: JSONValue], model: Model? = nil, status: HTTPResponse.Status) throws -> Reply {
        let preference = try waitPreference()
        var members = members
        let accepted: (isNew: Bool, job: QueuedJob)
        do {
            let webhook = try takeWebhook(from: &members)
            accepted = try accept(members, model: model, webhook: webhook, key: idempotencyKey())
        } catch let invalid as InvalidRequest {
            throw Refusal(.invalid(invalid))
        }
        let reader = reader(of: accepted.job.job.id)
        if let preference {
            let poll = LongPoll(reader, preference, known: nil, as: .json, cors: cors.grant) { try $0.created() }
            return try poll.begin(mayWait: mayWait)
        }
        return try application.withRateLimit(reader.created(accepted.isNew ? status : .ok, view(accepted.job)), for: client)
    }

    /// Stores a job, or finds the one that `key` created before. Throws `InvalidRequest`, ``Refusal``, and what the store throws.
    ///
    /// - Parameters:
    ///   - id: The job's ID; a new one by default.
    ///   - owner: The job's owner; the caller by default.
    func accept(
        _ members: [String: JSONValue], id: JobID? = nil, for owner: Client? = nil, model: Model? = nil, webhook: String? = nil,
        key: String?
    ) throws -> (isNew: Bool, job: QueuedJob) {
        guard links.settings.hasToken else { throw Refusal(.tokenMissing) }
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
        case .conflict: throw Refusal(.idempotencyConflict)
        case .dailyLimit(let allowance): throw Refusal(.dailyLimit(allowance), retryAfter: (allowance.endsAt - now).retryAfter)
        case .spendLimit(let until?): throw Refusal(.spendLimit, retryAfter: (until - now).retryAfter)
        case .spendLimit(nil): throw Refusal(.tooExpensive)
        case .full(let queue, let until): throw Refusal(.queueFull(queue, store.limits), retryAfter: (until - now).retryAfter)
        }
    }

    private func idempotencyKey() throws(Refusal) -> String? {
        guard let value = request.headerFields[.idempotencyKey] else { return nil }
        return try IdempotencyKey(value, of: caller).text
    }

    /// Refuses a body of another type or with a content coding. Parameters such as a charset do not matter: both types are always UTF-8.
    private func requireMediaType(_ needed: String) throws(Refusal) {
        let codings = (request.headerFields[.contentEncoding] ?? "").split(separator: ",").map(\.trimmingSpaces)
        // RFC 9110, section 12.5.3: "identity" means no coding.
        if let coding = codings.first(where: { !$0.isEmpty && $0.lowercased() != "identity" }) { throw Refusal(.contentCoding(coding)) }
        let given = (request.headerFields[.contentType] ?? "").prefix { $0 != ";" }
        guard given.trimmingSpaces.lowercased() == needed else { throw Refusal(.wrongMediaType(needed: needed)) }
    }
}

extension HTTPField.Name {
    /// draft-ietf-httpapi-idempotency-key-header-06, section 2.
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
