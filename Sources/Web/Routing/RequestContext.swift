import HTTPTypes
import Jobs
import Logging

/// One request with everything that its handler needs.
struct RequestContext {
    let application: Application
    let request: HTTPRequest
    let path: MountedPath
    let links: Links
    let caller: Caller
    let body: [UInt8]
    /// Whether the answer, or the rest of it, may wait.
    let mayWait: Bool

    var store: any RequestStore { application.store }
    var client: Client { caller.client }

    var cors: CORS { CORS(links.settings, request, at: path) }

    /// The answer. Throws ``Refusal``, and what the store throws.
    func reply() throws -> Reply {
        if case .nothing(let reason, _) = path.route { throw Refusal(reason) }
        guard links.isEmbedded || !path.isForFrames else { throw Refusal(.nothingThere) }
        let rules = path.rules
        if request.method == .options, cors.isOpen { return cors.preflight(rules.methods) }
        guard rules.methods.contains(request.method) else {
            throw Refusal(.wrongMethod(request.method, allowed: rules.methods + (cors.isOpen ? [.options] : [])))
        }
        if !caller.isKnown { try requireCaller(rules) }
        guard isRead || cors.isWelcome || !isFromOtherSite else { throw Refusal(.crossSite) }
        return try handle(path.route)
    }

    private var isRead: Bool { [.get, .head].contains(request.method) }

    /// Whether a page of another web site made a browser send it.
    var isFromOtherSite: Bool { CSRFGuard.sent(request, publicURL: links.settings.publicURL) }

    /// Refuses a caller without a key or a user where one is required.
    private func requireCaller(_ rules: Route.Rules) throws(Refusal) {
        let needsUser = links.settings.requiresUser && rules.access != .everyone
        let mayShowKey = application.keyOwner != nil && rules.isForPrograms
        if mayShowKey, needsUser || rules.needsKey(for: request.method) { throw Refusal(.keyMissing) }
        if needsUser { throw Refusal(.userMissing) }
    }

    /// The handler of each route.
    private func handle(_ route: Route) throws -> Reply {
        switch route {
        case .form: try isRead ? form() : acceptForm()
        case .mine: try myPictures()
        case .jobPage(let id): try read(id, as: Format(wantedBy: request), isChosen: true)
        case .jobFile(let id, let format): try read(id, as: format)
        case .cancelButton(let id): try pressCancel(id)
        case .resumeButton(let id): try pressResume(id)
        case .jobs: try isRead ? list() : acceptJSON()
        case .job(let id): try isRead ? read(jobID(id), for: .json) : cancel(id)
        case .jobEvents(let id): try events(jobID(id))
        case .resumption(let id): try resume(id)
        case .models: try unchanging(ModelsJSON(store.catalogue()))
        case .generation(let model): try acceptGeneration(with: model)
        case .kreaWebhook(let key): try hear(key)
        case .signedPicture(let signature, let file): try signedPicture(signature: signature, file: file)
        case .openAPI:
            try unchanging(OpenAPIDocument.json(at: links, keysMatter: application.keyOwner != nil, catalogue: store.catalogue()))
        case .health: health()
        case .nothing(let reason, _): throw Refusal(reason)
        }
    }

    private func list() throws -> Reply {
        let query = try JobListQuery(path.query)
        return Reply(json: try JobListJSON(query, of: client, isForOwner: caller.isKnown, in: store, at: links, now: application.now()))
    }

    private func form() throws -> Reply {
        let obstacle = links.settings.hasToken ? nil : links.texts.refusal(Refusal(.tokenMissing))
        return try Reply(page: page(of: newForm(), obstacle: obstacle).html)
    }

    /// An empty form, or one with the settings of the job that the address names.
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

    /// JSON that changes only with the program and the catalogue.
    private func unchanging(_ json: some JSONWritable) -> Reply {
        var reply = Reply(json: json)
        reply.fields[.cacheControl] = "max-age=300"
        reply.nameBody()
        reply.answerCondition(of: request)
        return reply
    }

    /// Whether jobs can be read, for monitors.
    private func health() -> Reply {
        do {
            try store.proveReadable()
            return Reply(text: "ok")
        } catch {
            application.logger.error("the store cannot be read", metadata: ["error": "\(error)"])
            return Reply(.serviceUnavailable, text: "the store cannot be read")
        }
    }

    func view(_ queued: QueuedJob) -> JobView {
        JobView(queued, now: application.now(), rules: store.rules)
    }

    func jobID(_ text: String) throws(Refusal) -> JobID {
        guard let id = JobID(text) else { throw Refusal(.unknownJob) }
        return id
    }
}
