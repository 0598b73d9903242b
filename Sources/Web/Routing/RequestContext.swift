import HTTPTypes
import Jobs
import Logging

/// One request on its way through the routes.
struct RequestContext {
    let application: Application
    let request: HTTPRequest
    let path: MountedPath
    let links: Links
    let caller: Caller
    let body: [UInt8]

    var store: any JobStore { application.store }
    var client: Client { caller.client }

    private var cors: CORS { CORS(links.settings, request, at: path) }

    /// The answer. Throws ``Refusal``, and what the store throws.
    func reply() throws -> Reply {
        let route = path.route
        if case .otherGeneration(let kind) = route { throw Refusal.onlyImages(notA: kind) }
        if case .generation(let model) = route, Model.atRoute(model) == nil { throw Refusal.unknownRoute(model) }
        guard route != .nothing, links.isEmbedded || !path.isForFrames else { throw Refusal.nothingThere }
        if request.method == .options, cors.isOpen { return cors.preflight(route.methods) }
        guard route.methods.contains(request.method) else {
            throw Refusal.wrongMethod(request.method, allowed: route.methods + (cors.isOpen ? [.options] : []))
        }
        if !caller.isKnown { try requireUser(route) }

        return try [.get, .head].contains(request.method) ? read(route) : change(route)
    }

    /// Whether a page of another web site made a browser send it.
    var isFromOtherSite: Bool { CSRFGuard.sent(request, publicURL: links.settings.publicURL) }

    /// Refuses somebody whom neither a key nor the web server knows, where that is needed.
    private func requireUser(_ route: Route) throws(Refusal) {
        let mayShowKey = application.keyOwner != nil && path.isForPrograms
        let needsUser = links.settings.requiresUser && !route.isForEverybody
        if mayShowKey, needsUser || route.needsKey(for: request.method) { throw .keyMissing }
        if needsUser { throw .userMissing }
    }

    private func change(_ route: Route) throws -> Reply {
        guard cors.isWelcome || !isFromOtherSite else { throw Refusal.csrfGuard }
        return switch route {
        case .form: try acceptForm()
        case .jobs: try acceptJSON()
        case .generation(let route): try acceptGeneration(at: route)
        case .job(let id): try cancel(id)
        case .resumption(let id): try resume(id)
        case .cancelButton(let id): try pressCancel(id)
        case .resumeButton(let id): try pressResume(id)
        case .kreaWebhook(let key): try hear(key)
        case .mine, .jobPage, .jobFile, .signedPicture, .models, .openAPI, .otherGeneration, .health, .nothing: throw Refusal.nothingThere
        }
    }

    private func read(_ route: Route) throws -> Reply {
        switch route {
        case .form: return try form()
        case .mine: return try myPictures()
        case .jobPage(let id), .jobFile(let id, _): return try read(id, as: route.format(for: request))
        case .job(let id): return try json(of: jobID(id))
        case .jobs:
            let query = try JobListQuery(path.query)
            return Reply(
                json: try JobListJSON(query, of: client, isForOwner: caller.isKnown, in: store, at: links, now: application.now()))
        case .signedPicture(let signature, let file): return try signedPicture(signature: signature, file: file)
        case .models: return try unchanging(ModelsJSON(store.catalogue()))
        case .health: return health()
        case .openAPI:
            return try unchanging(OpenAPIDocument.json(at: links, keysMatter: application.keyOwner != nil, catalogue: store.catalogue()))
        case .cancelButton, .resumeButton, .resumption, .kreaWebhook, .generation, .otherGeneration, .nothing: throw Refusal.nothingThere
        }
    }

    private func form() throws -> Reply {
        let obstacle = links.settings.hasToken ? nil : links.texts.refusal(.tokenMissing)
        return try Reply(page: page(of: newForm(), obstacle: obstacle).html)
    }

    /// An empty form, or one with the settings of a job that the address names.
    private func newForm() throws -> JobForm {
        let query = FormFields(query: path.query)
        let token = application.newID()
        if links.isEmbedded, query["again"] == nil, query["like"] == nil { return JobForm(filledInBy: query, token: token) }
        guard let id = (query["again"] ?? query["like"]).flatMap(JobID.init), let job = try store.job(id)?.job,
            job.isOpen(to: client)
        else {
            return JobForm(token: token)
        }
        return JobForm(
            like: job.request, withPrompt: query["again"] != nil, withPictures: job.client == client, token: token)
    }

    func json(of view: JobView) -> Reply {
        var reply = completeJSON(of: view)
        reply.answerCondition(of: request)
        return reply
    }

    private func completeJSON(of view: JobView) -> Reply {
        let isForOwner = isOwner(of: view.job)
        var reply = Reply(json: JobJSON(view, at: links, isForOwner: isForOwner))
        reply.addHeaders(of: view, links.settings, isForOwner: isForOwner)
        reply.nameBody()
        return reply
    }

    /// Whether the job belongs to the one who asks, as a key or the web server says. An address proves nothing: several people may share it.
    func isOwner(of job: Job) -> Bool { caller.isKnown && job.client == client }

    /// What most requests are for: made once for all who ask in the same moment.
    private func json(of id: JobID) throws -> Reply {
        let key = JobResponseCache.Key(job: id, mount: TextKey(path.mount), reader: caller.isKnown ? client : nil)
        let answer = try application.answers.answer(key, store.version, at: application.now()) { now in
            guard let queued = try store.job(id) else { throw try missing(id) }
            let view = JobView(queued, now: now, rules: store.rules)
            var reply = completeJSON(of: view)
            application.addCommonFields(to: &reply, isEmbedded: links.isEmbedded)
            return (reply, queued.job.client, view.looksTheSameUntil(keepsPictures: links.settings.keepsPictures))
        }
        guard answer.owner.jobsAreOpen(to: client) else { throw Refusal.unknownJob }
        return answer.reply(to: request)
    }

    /// What changes with the version of the program and with the catalogue only.
    private func unchanging(_ json: some Encodable) throws -> Reply {
        var reply = try Reply(json: json)
        reply.fields[.cacheControl] = "max-age=300"
        reply.nameBody()
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
        try view(jobID(id))
    }

    /// A job as it is now. Throws ``Refusal`` when there is none, or none any more, or when it is another user's.
    func view(_ id: JobID) throws -> JobView {
        guard let queued = try store.job(id) else { throw try missing(id) }
        guard queued.job.isOpen(to: client) else { throw Refusal.unknownJob }
        return view(queued)
    }

    func view(_ queued: QueuedJob) -> JobView {
        JobView(queued, now: application.now(), rules: store.rules)
    }

    func jobID(_ text: String) throws(Refusal) -> JobID {
        guard let id = JobID(text) else { throw .unknownJob }
        return id
    }

    /// What is said of a job that is not there.
    func missing(_ id: JobID) throws -> Refusal {
        try store.wasRemoved(id) ? .removedJob : .unknownJob
    }
}
