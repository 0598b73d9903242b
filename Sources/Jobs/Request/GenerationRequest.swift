/// What a person asked for, checked: every value in it is within the rules of the route that it was checked for.
///
/// Only ``validate(_:model:by:)`` makes one, so it need not be checked again.
public struct GenerationRequest: Hashable, Sendable {
    /// The model that was asked for, or the default.
    public let model: Model
    /// What the picture should show; not blank.
    public let prompt: String
    /// Everything else that was asked for. Steps are never missing for a model that takes them, and never there for another.
    public let values: [RequestField: JSONValue]

    /// Width in pixels.
    public var width: Int? { values[.width]?.whole }
    /// Height in pixels.
    public var height: Int? { values[.height]?.whole }
    /// How many pictures, 1 to 4; nil means one.
    public var batchSize: Int? { values[.batchSize]?.whole }
    /// A ratio like `16:9`.
    public var aspectRatio: String? { values[.aspectRatio]?.text }
    /// Pictures to start from: https addresses or `data:image/` URIs.
    public var imageURLs: [String] { values[.imageURLs]?.elements?.compactMap(\.text) ?? [] }
    /// About how many bytes it takes: pictures can be a part of it.
    public var size: Int { values.values.reduce(prompt.utf8.count + 64) { $0 + $1.size } }
    /// Steps, only for a model that takes them; never nil for such a model.
    public var steps: Int? { values[.steps]?.whole }

    /// Whether the same is asked for, texts by their bytes (see ``TextKey``): of two prompts that only look alike each is a request of its own.
    public static func == (left: GenerationRequest, right: GenerationRequest) -> Bool {
        left.model == right.model && left.prompt.hasSameBytes(as: right.prompt) && left.values == right.values
    }
}

/// A request that can be carried out, and what has to be said about it.
public struct ValidatedRequest: Hashable, Sendable {
    /// The request.
    public let request: GenerationRequest
    /// What the person who asked has to know: what was left out, what will take longer.
    public let warnings: [Warning]
    /// The submissions that it needs at the route for which it was checked.
    public let submissions: [Submission]
}

/// A request that cannot be carried out: one problem per member.
public struct InvalidRequest: Error, Hashable, Sendable {
    /// One thing that is wrong.
    public struct Problem: Hashable, Sendable {
        /// The member, by the name under which it was given.
        public let member: String
        /// What is wrong with it.
        public let fault: RequestFault
    }

    /// How many problems are named at most.
    static let mostProblems = 20

    /// The problems, never empty, in the order of the members of a request; unknown members last. At most 20.
    public let problems: [Problem]
    /// How many there are besides.
    public let others: Int

    init(problems: [Problem], others: Int = 0) {
        self.problems = problems
        self.others = others
    }

    /// A request with one wrong member.
    public init(_ member: String, _ fault: RequestFault) {
        self.init(problems: [Problem(member: member, fault: fault)])
    }
}

extension GenerationRequest {
    /// Checks the members of a request as a JSON object or a form gives them.
    ///
    /// The rules are those of the route to which `catalogue` would send it now. Names are taken in Krea's old camelCase and its new
    /// snake_case alike. `null` counts as not given. A member that the route does not take is left out with a warning; one that no
    /// request has is an error.
    ///
    /// - Parameter model: The model, where it is not a member of the request.
    /// - Throws: ``InvalidRequest`` with the problems that were found.
    public static func validate(
        _ members: [String: JSONValue], model: Model? = nil, by catalogue: Catalogue = .builtIn
    ) throws(InvalidRequest) -> ValidatedRequest {
        var reader = RequestReader(members)
        let found = reader.model(fixed: model)
        let route = found.flatMap(catalogue.route)
        if let found, route == nil { reader.refuse(found) }
        // Without a model the rest is checked by the default's rules, so that everything that is wrong is said at once.
        let rules = (route ?? KreaRoute.builtIn[Model.default.routes[0].path])?.fields ?? [:]
        let prompt = reader.prompt(rules[.prompt])
        var values: [RequestField: JSONValue] = [:]
        for field in RequestField.allCases where field != .prompt {
            values[field] = reader.value(of: field, by: rules[field])
        }
        reader.refuseUnknownMembers(isModelFixed: model != nil)
        guard reader.problems.isEmpty, let found, let route, let prompt else {
            throw InvalidRequest(problems: reader.problems, others: reader.others)
        }

        if found.takes(.steps), values[.steps] == nil { values[.steps] = found.defaultSteps.map { .number(Double($0)) } }
        let all = GenerationRequest(model: found, prompt: prompt, values: values)
        let pictures = all.batchSize ?? 1
        var warnings = found.warnings(at: route.path) + RouteBody(all, to: route, pictures: pictures).warnings
        if all.isLarge { warnings.append(.longerQueue) }
        // What only this route does not take may still be taken by the one to which it is sent; steps are Flux's in any case.
        let kept = values.filter { field, _ in found.takes(field) && (route.fields[field] != nil || field.isKeptForOtherRoutes) }
        let request = GenerationRequest(model: found, prompt: prompt, values: kept)
        var submissions = route.submissions(for: pictures)
        for index in submissions.indices {
            submissions[index].price = RouteBody(request, to: route, pictures: submissions[index].pictures).price
        }
        return ValidatedRequest(request: request, warnings: warnings, submissions: submissions)
    }

    /// More than two pictures, a side beyond 2048 pixels, or 4K asked for in words.
    private var isLarge: Bool {
        (batchSize ?? 1) > 2 || max(width ?? 0, height ?? 0) > 2048 || values[.resolution]?.text == "4K"
            || asksFor4K
    }

    private var asksFor4K: Bool {
        // Most prompts have no 4, and to take words apart takes long.
        prompt.utf8.contains(UInt8(ascii: "4"))
            && prompt.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).contains("4k")
    }
}

extension RequestField {
    /// Several pictures become several submissions, and a ratio becomes a size: neither is lost where the route does not take it.
    fileprivate var isKeptForOtherRoutes: Bool { self == .batchSize || self == .aspectRatio }
}

extension GenerationRequest: Codable {
    private enum CodingKeys: String, CodingKey {
        case model, prompt, values
    }
}

extension JSONValue {
    /// About how many bytes it takes.
    fileprivate var size: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .array(let elements): elements.reduce(16) { $0 + $1.size }
        case .object(let members): members.reduce(16) { $0 + $1.key.utf8.count + $1.value.size }
        case .number, .bool, .null: 16
        }
    }

    /// The number, if it is a whole one.
    var whole: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }
}

/// The bounds of the brief on the members of a request, and ours where neither the brief nor Krea has any.
public enum RequestLimits {
    /// Pixels of a side, where the route has no bounds of its own.
    public static let side = 512...2368
    /// Pictures of one request.
    public static let batchSize = 1...4
    /// Steps of a Flux picture (Krea's bound; 20 to 40 is what helps).
    public static let steps = 1...100
    /// Weights of styles and of pictures whose style is taken over (Krea's bound).
    public static let weight = -2.0...2.0
    /// Characters of a prompt, as all lengths counted by ``Swift/StringProtocol/upperLength``, so that it never has more than three times as
    /// many bytes. Ours: no model of Krea reads more, and a queue of books would be of no use.
    public static let promptCharacters = 10_000
    /// Characters of a style's ID or of another word. Ours.
    public static let wordCharacters = 200
    /// Elements of a list of pictures or styles. Ours: Krea names no bound for most routes.
    public static let elements = 10
    /// Characters of an image address; Krea's bound for its URI members.
    public static let imageURLCharacters = 1024
}
