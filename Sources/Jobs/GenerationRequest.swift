/// What a person asked for, checked: every value in it is within the rules of the brief and fits the model.
///
/// Only ``validate(_:)`` makes one, so whoever has one need not check again.
public struct GenerationRequest: Hashable, Sendable, Codable {
    /// The model that was asked for, or the default.
    public let model: Model
    /// What the picture shall show; not blank.
    public let prompt: String
    /// Width in pixels, 512 to 2368.
    public let width: Int?
    /// Height in pixels, 512 to 2368.
    public let height: Int?
    /// How many pictures, 1 to 4; nil means one.
    public let batchSize: Int?
    /// A ratio like `16:9`.
    public let aspectRatio: String?
    /// Pictures to start from: https addresses or `data:image/` URIs.
    public let imageURLs: [String]
    /// Steps, only for a model that takes them; never nil for such a model.
    public let steps: Int?
}

/// A request that can be carried out, and what has to be said about it.
public struct ValidatedRequest: Hashable, Sendable {
    /// The request.
    public let request: GenerationRequest
    /// Sentences for the person who asked: what was left out, what will take longer.
    public let warnings: [String]
}

/// A request that cannot be carried out: one problem per member.
public struct InvalidRequest: Error, Hashable, Sendable {
    /// One thing that is wrong.
    public struct Problem: Hashable, Sendable {
        /// The member, by the name under which it was given.
        public let member: String
        /// One clear sentence: the member, the value and what is allowed.
        public let sentence: String
    }

    /// The problems, never empty, in the order of the members of a request; unknown members last.
    public let problems: [Problem]
}

extension GenerationRequest {
    /// Checks the members of a request as a JSON object or a form gives them.
    ///
    /// Names are taken in Krea's old camelCase and its new snake_case alike. `null` counts as not given. A member that the
    /// chosen model does not take is left out with a warning; one that no request has is an error.
    ///
    /// - Throws: ``InvalidRequest`` with every problem that was found.
    public static func validate(_ members: [String: JSONValue]) throws(InvalidRequest) -> ValidatedRequest {
        var reader = RequestReader(members)
        let model = reader.model()
        let prompt = reader.prompt()
        let width = reader.wholeNumber(.width, in: RequestLimits.side)
        let height = reader.wholeNumber(.height, in: RequestLimits.side)
        let batchSize = reader.wholeNumber(.batchSize, in: RequestLimits.batchSize)
        let aspectRatio = reader.aspectRatio()
        let imageURLs = reader.imageURLs()
        var steps = reader.wholeNumber(.steps, in: RequestLimits.steps)
        reader.refuseUnknownMembers()
        guard reader.problems.isEmpty, let model, let prompt else { throw InvalidRequest(problems: reader.problems) }

        var warnings: [String] = []
        if steps != nil, model.defaultSteps == nil {
            steps = nil
            warnings.append("steps was left out: \(model.name) does not take it, only Flux does.")
        }
        let request = GenerationRequest(
            model: model, prompt: prompt, width: width, height: height, batchSize: batchSize, aspectRatio: aspectRatio,
            imageURLs: imageURLs, steps: steps ?? model.defaultSteps)
        if request.isLarge { warnings.append("More than 2 pictures or 4K: the queue is longer for these.") }
        return ValidatedRequest(request: request, warnings: warnings)
    }

    /// More than two pictures, a side beyond 2048 pixels, or 4K asked for in words.
    private var isLarge: Bool {
        (batchSize ?? 1) > 2 || max(width ?? 0, height ?? 0) > 2048
            || prompt.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).contains("4k")
    }
}

/// The bounds of the brief on the members of a request.
public enum RequestLimits {
    /// Pixels of a side.
    public static let side = 512...2368
    /// Pictures of one request.
    public static let batchSize = 1...4
    /// Steps of a Flux picture (Krea's bound; 20 to 40 is what helps).
    public static let steps = 1...100
    /// Characters of a prompt. Ours: no model of Krea reads more, and a queue of books helps nobody.
    public static let promptCharacters = 10_000
    /// Pictures to start from. Ours: Krea names no bound.
    public static let imageURLs = 10
    /// Characters of an image address; Krea's bound for its URI members.
    public static let imageURLCharacters = 1024
}
