import FoundationEssentials
import HTTPTypes

extension SimulatedKrea {
    /// Answers `POST /generate/...` with 200 and the five members of a new job, or with the first failed check.
    mutating func submit(_ request: HTTPRequest, _ target: Target, _ body: [UInt8], _ token: String, at now: Int64) -> Reaction {
        guard let route = settings.dialect.routes.first(where: { $0.path == target.path }) else {
            let sunset = settings.dialect.sunsets.first { "/generate/image/" + $0.model == target.path }
            return Reaction(settings.sunsetIsGone ? sunset.map(Answer.modelUnavailable) ?? .unknownPath : .unknownPath)
        }
        let fields: JSON
        switch check(request, body, route) {
        case .success(let value): fields = value
        case .failure(let refusal): return Reaction(refusal.answer)
        }
        let prompt = fields["prompt"]?.text ?? ""
        let switches = Switches(prompt: prompt, always: settings.always)
        let subject = token + " " + prompt
        if let refusal = refusal(switches, subject, token, at: now) {
            var reaction = refusal
            reaction.prompt = prompt
            return reaction
        }
        let job = create(route, fields, prompt, switches, token, at: now)
        var reaction = Reaction(.json(200, job.receipt(at: job.created)))
        register(Webhook.address(request.headerFields[.xWebhookURL]), of: job, in: &reaction)
        if let fault = firstDue(of: switches.faults(at: .created), subject: subject) {
            reaction = fault.spoiling(reaction)
        } else {
            forgive(switches.faults(at: .created), subject: subject)
        }
        forgive(switches.faults(at: .before), subject: subject)
        (reaction.jobID, reaction.prompt) = (job.id, prompt)
        return reaction
    }

    private struct Refusal: Error {
        var answer: Answer
    }

    private func check(_ request: HTTPRequest, _ body: [UInt8], _ route: SimulatedRoute) -> Result<JSON, Refusal> {
        let type = request.headerFields[.contentType]?.split(separator: ";").first
        guard type?.lowercased() == "application/json" else {
            return .failure(Refusal(answer: .invalid(400, "Content-Type must be application/json")))
        }
        guard let fields = try? JSON(body) else { return .failure(Refusal(answer: .invalid(400, "Malformed JSON in request body"))) }
        let faults = route.request.faults(in: fields)
        guard faults.isEmpty else {
            return .failure(Refusal(answer: .invalid(settings.schemaStatus, "Request validation failed", faults)))
        }
        return .success(fields)
    }

    /// The refusal by a switch, the balance or the capacity; nil if the job is accepted.
    private mutating func refusal(_ switches: Switches, _ subject: String, _ token: String, at now: Int64) -> Reaction? {
        if let fault = firstDue(of: switches.faults(at: .before), subject: subject) {
            return fault.spoiling(Reaction(.json(200, [:])))
        }
        let workspace = workspaces[token, default: Workspace()]
        if let balance = settings.balance, workspace.billed(at: now) >= balance { return Reaction(.outOfBalance) }
        let mustWait = workspace.start(ofJobAt: now, concurrency: settings.concurrency) > now
        if mustWait, let backlog = settings.backlog, workspace.backlogged(at: now) >= backlog { return Reaction(.tooManyJobs) }
        return nil
    }

    private mutating func create(
        _ route: SimulatedRoute, _ fields: JSON, _ prompt: String, _ switches: Switches, _ token: String, at now: Int64
    ) -> SimulatedJob {
        let workspace = workspaces[token, default: Workspace()]
        // Requests may arrive slightly out of order, but the list stays in the order of creation.
        let created = max(now, workspace.jobs.last?.created ?? now)
        let count = Int(fields["batchSize"]?.double ?? 1)
        let job = SimulatedJob(
            id: generator.uuid(), token: token, route: route, prompt: prompt, created: created, switches: switches,
            course: Course(settings, switches), pictures: (0..<count).map { _ in generator.uuid() }, size: PictureSize(fields),
            starts: workspace.start(ofJobAt: created, concurrency: settings.concurrency)
        )
        workspaces[token, default: Workspace()].append(job)
        for picture in job.pictures { pictures[picture] = JobReference(token: token, id: job.id) }
        return job
    }
}

extension HTTPField.Name {
    static let xWebhookURL = HTTPField.Name("X-Webhook-URL")!
}
