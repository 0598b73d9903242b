/// What a person asked for, and how far it is.
public struct Job: Hashable, Sendable, Identifiable {
    /// Our name for it.
    public let id: JobID
    /// What was asked for.
    public let request: GenerationRequest
    /// Who asked, see ``Client``.
    public let client: Client
    /// What people have to be told about the request.
    public let requestWarnings: [Warning]
    /// When it was accepted.
    public let createdAt: Timestamp
    /// The paid jobs at Krea that bring the pictures: its parts, in their order. Never empty; several where Krea makes one picture a job.
    public var submissions: [Submission]
    /// Tells a program of its end; nil when none asked for that.
    public var delivery: WebhookDelivery?

    /// A job; one that was just accepted waits.
    public init(
        id: JobID, request: GenerationRequest, client: Client, requestWarnings: [Warning] = [], createdAt: Timestamp,
        submissions: [Submission] = [Submission()], delivery: WebhookDelivery? = nil
    ) {
        self.id = id
        self.request = request
        self.client = client
        self.requestWarnings = requestWarnings
        self.createdAt = createdAt
        self.submissions = submissions
        self.delivery = delivery
    }

    /// One of its submissions; the first has the number 1.
    public subscript(part: Int) -> Submission {
        get { submissions[part - 1] }
        set { submissions[part - 1] = newValue }
    }

    /// Where it stands; follows from where its submissions stand.
    ///
    /// It runs from the first that left the queue for good to the end of the last. Then one picture makes it completed; without any, the
    /// end tells what can still be hoped for.
    public var state: JobState {
        if submissions.count == 1 { return submissions[0].state }
        guard submissions.contains(where: { !$0.state.isFinished }) else { return Self.ends.first(where: hasPart) ?? .failed }
        if submissions.contains(where: \.state.isFinished) { return .running }
        return Self.underWay.first(where: hasPart) ?? .waiting
    }

    private static let ends: [JobState] = [.completed, .timedOut, .failed, .cancelled]
    private static let underWay: [JobState] = [.running, .submitting, .unconfirmed]

    private func hasPart(_ state: JobState) -> Bool { submissions.contains { $0.state == state } }

    /// When nothing more could happen by itself; nil before.
    public var finishedAt: Timestamp? {
        state.isFinished ? submissions.compactMap(\.finishedAt).max() : nil
    }

    /// When the first submission left the queue; nil before.
    public var startedAt: Timestamp? { submissions.compactMap(\.startedAt).min() }

    /// The pictures that there are.
    public var urls: [String] { submissions.flatMap(\.urls) }

    /// Why there is no picture; nil while there can be one, and when there is.
    public var failure: JobFailure? {
        let end = state
        guard end.isFinished, end != .completed else { return nil }
        return submissions.first { $0.state == end }?.failure
    }

    /// Whether it was cancelled here, and Krea has not yet said what became of it.
    public var isCancelWanted: Bool { submissions.contains(where: \.isCancelWanted) }

    /// Whether Krea may be asked again: it may still bring a part, and no other is under way.
    public var canBeResumed: Bool {
        state.isFinished && submissions.contains(where: \.canBeResumed)
    }

    /// Whether this client may read it, and change it, when it has the ID; see ``Client/jobsAreOpen(to:)``.
    public func isOpen(to reader: Client) -> Bool { client.jobsAreOpen(to: reader) }

    /// Everything that people have to be told, each thing once.
    public var warnings: [Warning] {
        var said: [Warning] = []
        for warning in requestWarnings + submissions.flatMap(\.warnings) + missing where !said.contains(warning) { said.append(warning) }
        return said
    }

    /// What has to be said when only a part of the pictures was made.
    private var missing: [Warning] {
        guard state == .completed else { return [] }
        let lost = submissions.filter { $0.state != .completed }
        return lost.isEmpty ? [] : [.missing(lost.count, of: submissions.count, lost.lazy.compactMap(\.failure).first)]
    }

    /// The status in Krea's words, as programs written for Krea read it.
    public var status: String {
        switch state {
        case .waiting: "backlogged"
        case .submitting, .unconfirmed: "queued"
        case .running: submissions.first { $0.state == .running }.map(\.runningStatus) ?? "processing"
        case .timedOut: "failed"
        case .completed, .failed, .cancelled: state.rawValue
        }
    }
}

extension Job {
    /// The models that were really used, or that are going to be as far as is known.
    public var usedModels: String {
        var names: [String] = []
        let made = submissions.contains { $0.state == .completed } ? submissions.filter { $0.state == .completed } : submissions
        for path in made.compactMap(\.route) {
            let name = request.model.name(at: path)
            if !names.contains(name) { names.append(name) }
        }
        return names.isEmpty ? request.model.name : names.joined(separator: " and ")
    }

    /// The right to make the paid call of one submission is taken, at the route that the catalogue has for the model.
    ///
    /// Where Krea makes only one picture a job, a submission for several becomes that many, which wait for their own turns. Without a route
    /// it fails, and also if it costs more than may be spent in a day. What is granted is the body that this route takes at this price.
    ///
    /// - Parameter budget: What may still be spent today; nil for anything.
    public mutating func claimForSubmit(
        _ part: Int, at now: Timestamp, by epoch: Int, catalogue: Catalogue, budget: Budget? = nil, webhookKey: WebhookKey? = nil
    ) throws -> CallPermission {
        guard let route = catalogue.route(for: request.model) else {
            try self[part].finish(.failed, JobFailure(.modelUnavailable), at: now)
            return .ended
        }
        let wanted = self[part].pictures
        let pictures = route.makesBatches ? wanted : min(wanted, 1)
        let body = RouteBody(request, to: route, pictures: pictures)
        switch budget?.verdict(on: body.price, of: pictures) {
        case .fits, nil: break
        case .later(let moment): return .held(until: moment)
        case .never:
            try self[part].finish(.failed, JobFailure(.tooExpensive), at: now)
            return .ended
        }
        try self[part].claimForSubmit(at: now, by: epoch, route: route.path, webhookKey: webhookKey)
        self[part].price = body.price
        self[part].pictures = pictures
        submissions += (pictures..<wanted).map { _ in
            var submission = Submission()
            submission.price = body.price
            return submission
        }
        self[part].warnings = request.model.warnings(at: route.path) + body.warnings
        return .granted(body: body.members)
    }

    /// The paid call of one submission has ended. Where its route turned out to be gone, the catalogue learns it, and another is tried.
    public mutating func recordSubmit(
        _ result: CallResult<KreaJob>, of part: Int, at now: Timestamp, rules: PaceRules, catalogue: inout Catalogue
    ) throws {
        if case .gone(let replacement, let words) = result, let route = self[part].route {
            catalogue.markGone(route, replacement: replacement, at: now)
            if catalogue.route(for: request.model) == nil {
                return try self[part].finish(.failed, JobFailure(.modelUnavailable, detail: words), at: now)
            }
        }
        try self[part].recordSubmit(result, at: now, rules: rules)
    }

    /// Whether the two came from the same request, sent twice.
    public func asksForTheSame(as other: Job) -> Bool {
        request == other.request && delivery.map { TextKey($0.url) } == other.delivery.map { TextKey($0.url) }
    }

    /// Cancels every part that has not ended; see ``Submission/cancel(at:)``.
    ///
    /// - Throws: ``AlreadyFinished`` when there is nothing left to cancel.
    public mutating func cancel(at now: Timestamp) throws {
        guard !state.isFinished else { throw AlreadyFinished() }
        for index in submissions.indices where !submissions[index].state.isFinished { try submissions[index].cancel(at: now) }
    }

    /// Asks for Krea's word again about every part that it may still bring; see ``Submission/resume(at:rules:)``.
    ///
    /// - Throws: ``IllegalTransition`` when ``canBeResumed`` is false.
    public mutating func resume(at now: Timestamp, rules: PaceRules) throws {
        guard canBeResumed else { throw IllegalTransition(from: state, to: .running) }
        for index in submissions.indices where submissions[index].canBeResumed {
            try submissions[index].resume(at: now, rules: rules)
        }
    }
}

extension Submission {
    /// Krea's word for it while it runs. A word for an end is none: programs that read it would look for a picture that is not there yet.
    fileprivate var runningStatus: String {
        let isEnd = kreaStatus.map(["completed", "failed", "cancelled"].contains) ?? false
        return isEnd ? "processing" : kreaStatus ?? "queued"
    }
}
