import HTTPTypes

/// Krea's rules as a value without I/O or clock. `now` is in milliseconds since 1970.
///
/// Earlier reads do not change a job's state, so polls may come in any order of time. Only submissions, cancellations, switches that spoil an
/// answer, and webhooks change the value.
struct SimulatedKrea: Sendable {
    var settings: Settings
    var generator: SplitMix64
    var workspaces: [String: Workspace] = [:]
    /// The job of each picture, by the picture's name.
    var pictures: [String: JobReference] = [:]
    /// Pictures whose delivery was held once.
    var heldPictures: Set<String> = []
    /// How often each picture was cut in half.
    var cutPictures: [String: Int] = [:]
    /// Jobs whose first, expired addresses were given out.
    var expiredJobs: Set<String> = []
    /// Webhooks that are not sent yet.
    var webhooks: [PendingWebhook] = []
    /// How often each fault occurred for a prompt, a job or a token.
    private var strikes: [Strike: Int] = [:]

    struct JobReference: Sendable, Equatable {
        var token: String
        var id: String
    }

    private struct Strike: Hashable {
        var fault: Fault
        var subject: String
    }

    init(settings: Settings = Settings(), seed: UInt64 = 1) {
        self.settings = settings
        self.generator = SplitMix64(seed: seed)
    }

    /// Answers one request. `/openapi.json` and pictures need no token. Everything else is checked in Krea's order: token, route, schema, balance,
    /// capacity.
    mutating func exchange(_ request: HTTPRequest, body: [UInt8] = [], at now: Int64) -> Reaction {
        let token = bearer(of: request)
        var reaction = route(request, body, token, at: now)
        reaction.authorised = token != nil
        reaction.response.headerFields[.date] = HTTPDate.text(now)
        return reaction
    }

    private mutating func route(_ request: HTTPRequest, _ body: [UInt8], _ token: String?, at now: Int64) -> Reaction {
        let target = Target(request.path ?? "/")
        let place = (request.method, target.segments.first, target.segments.count)
        switch place {
        case (.get, "openapi.json", 1):
            let document = Reaction(.json(200, RouteDocumentation.make(for: settings.dialect)))
            return spoilt(document, by: settings.always.faults(at: .document), subject: "document")
        case (.get, "images", 2): return spoiltPicture(target.segments[1], target.query, at: now)
        default: break
        }
        guard let token else { return Reaction(.unauthorized) }
        remember(token, at: now)
        switch place {
        case (.post, "generate", _): return submit(request, target, body, token, at: now)
        case (.get, "jobs", 1):
            let page = Reaction(list(target, token, at: now))
            return spoilt(page, by: settings.always.faults(at: .list), subject: token)
        case (.get, "jobs", 2): return poll(target.segments[1], token, at: now)
        case (.delete, "jobs", 2): return cancel(target.segments[1], token, at: now)
        default: return Reaction(.unknownPath)
        }
    }

    /// `reaction`, spoilt by the first of `faults` that is due for `subject`.
    mutating func spoilt(_ reaction: Reaction, by faults: [Fault], subject: String) -> Reaction {
        firstDue(of: faults, subject: subject)?.spoiling(reaction) ?? reaction
    }

    /// The first fault that is due for `subject`, which is counted as one occurrence.
    mutating func firstDue(of faults: [Fault], subject: String) -> Fault? {
        for fault in faults {
            let count = strikes[Strike(fault: fault, subject: subject), default: 0]
            guard fault.times.map({ count < $0 }) ?? true else { continue }
            strikes[Strike(fault: fault, subject: subject)] = count + 1
            var due = fault
            due.turn = count
            return due
        }
        return nil
    }

    /// Resets the faults of a prompt, for its next submission.
    mutating func forgive(_ faults: [Fault], subject: String) {
        for fault in faults { strikes[Strike(fault: fault, subject: subject)] = nil }
    }

    private func bearer(of request: HTTPRequest) -> String? {
        guard let field = request.headerFields[.authorization], field.lowercased().hasPrefix("bearer ") else { return nil }
        let token = String(field.dropFirst("bearer ".count))
        return settings.tokens.contains(token) ? token : nil
    }
}
