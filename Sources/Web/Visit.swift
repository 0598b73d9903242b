import HTTPTypes
import Jobs
import Logging

/// One request on its way through the routes.
struct Visit {
    let application: Application
    let request: HTTPRequest
    let path: MountedPath
    let site: Site
    let client: Client
    let body: [UInt8]

    private var store: any JobStore { application.store }

    /// The answer. Throws ``Refusal``, and what the store throws.
    func reply() throws -> Reply {
        let route = Route(path.path)
        if case .otherGeneration(let kind) = route { throw Refusal.onlyImages(notA: kind) }
        guard route != .nothing else { throw Refusal.nothingThere }
        guard route.methods.contains(request.method) else { throw Refusal.wrongMethod(request.method, allowed: route.methods) }

        if request.method == .post {
            guard !CrossSite.sent(request) else { throw Refusal.crossSite }
            return try route == .form ? acceptForm() : acceptJSON()
        }
        switch route {
        case .form: return form()
        case .jobPage(let id): return page(of: try view(id))
        case .job(let id): return try json(of: try view(id))
        case .jobs:
            let query = try JobListQuery(path.query)
            return try Reply(json: try JobListJSON(query, of: client, in: store, now: application.now()))
        case .models: return try models()
        case .health: return health()
        case .otherGeneration, .nothing: throw Refusal.nothingThere
        }
    }

    private func form() -> Reply {
        let obstacle = site.settings.hasToken ? nil : Refusal.tokenMissing.sentence
        return Reply(page: FormPage(form: JobForm(token: application.newID()), site: site, obstacle: obstacle).html)
    }

    private func acceptForm() throws -> Reply {
        try requireMediaType("application/x-www-form-urlencoded")
        guard let fields = FormFields(body) else { throw Refusal.brokenBody("The form is not well encoded UTF-8.") }
        var form = JobForm(fields, newToken: application.newID)
        guard site.settings.hasToken else {
            let refusal = Refusal.tokenMissing
            return Reply(refusal.status, page: FormPage(form: form, site: site, obstacle: refusal.sentence).html)
        }
        do {
            let job = try accept(form.members, key: form.key)
            return Reply(seeOther: site.page(of: job.job.id))
        } catch let invalid as InvalidRequest {
            form.problems = invalid.problems
            return Reply(.unprocessableContent, page: FormPage(form: form, site: site).html)
        }
    }

    private func acceptJSON() throws -> Reply {
        try requireMediaType("application/json")
        let members = try JSONInput.members(of: body)
        guard site.settings.hasToken else { throw Refusal.tokenMissing }
        let accepted: QueuedJob
        do {
            accepted = try accept(members, key: nil)
        } catch let invalid as InvalidRequest {
            throw Refusal(invalid)
        }
        let view = JobView(accepted, now: application.now(), rules: store.rules)
        var reply = try Reply(.accepted, json: JobJSON(view))
        reply.fields[.location] = site.json(of: accepted.job.id)
        reply.fields[.retryAfter] = view.retryAfter.map(String.init)
        return reply
    }

    /// Keeps a job. Throws `InvalidRequest`, and what the store throws.
    private func accept(_ members: [String: JSONValue], key: String?) throws -> QueuedJob {
        let valid = try GenerationRequest.validate(members)
        let job = Job(
            id: application.newID(), request: valid.request, client: client, requestWarnings: valid.warnings,
            createdAt: application.now())
        let acceptance = try store.accept(job, key: key)
        if case .new = acceptance {
            application.logger.info("job accepted", metadata: ["job": "\(job.id)", "model": "\(job.request.model.id)"])
        }
        return acceptance.job
    }

    private func page(of view: JobView) -> Reply {
        let page = JobStatusPage(view: view, site: site)
        var reply = Reply(page: page.html)
        reply.fields[.refresh] = page.refresh.map(String.init)
        return reply
    }

    private func json(of view: JobView) throws -> Reply {
        var reply = try Reply(json: JobJSON(view))
        reply.addHeaders(of: view)
        reply.answerCondition(of: request)
        return reply
    }

    private func models() throws -> Reply {
        var reply = try Reply(json: ModelsJSON())
        reply.fields[.cacheControl] = "max-age=300"
        reply.answerCondition(of: request)
        return reply
    }

    /// Whether jobs can be read: what a monitor wants to know.
    private func health() -> Reply {
        do {
            _ = try store.jobs(JobQuery(client: Client(key: "health"), limit: 1))
            return Reply(text: "ok")
        } catch {
            application.logger.error("the store cannot be read", metadata: ["error": "\(error)"])
            return Reply(.serviceUnavailable, text: "the store cannot be read")
        }
    }

    private func view(_ id: String) throws -> JobView {
        guard let id = JobID(id), let queued = try store.job(id) else { throw Refusal.unknownJob }
        return JobView(queued, now: application.now(), rules: store.rules)
    }

    /// Parameters such as a charset do not matter: both kinds of body are UTF-8 by their own rules.
    private func requireMediaType(_ needed: String) throws(Refusal) {
        let given = (request.headerFields[.contentType] ?? "").prefix { $0 != ";" }
        guard given.trimmingSpaces.lowercased() == needed else { throw .wrongMediaType(needed: needed) }
    }
}
