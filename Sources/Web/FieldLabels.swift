import Jobs

extension RequestField {
    /// The name that people read.
    var label: String {
        switch self {
        case .prompt: "Prompt"
        case .width: "Width"
        case .height: "Height"
        case .batchSize: "Number of pictures"
        case .aspectRatio: "Aspect ratio"
        case .imageURLs: "Image addresses"
        case .steps: "Steps"
        case .resolution: "Resolution"
        case .seed: "Seed"
        case .guidanceScale: "Guidance"
        case .strength: "Strength"
        case .styles: "Styles"
        case .styleImages: "Style images"
        case .imageStyleReferences: "Style references"
        case .characterReferenceImages: "Character images"
        }
    }

    /// What people read below the field; `rules` are those of the models that have it.
    func hint(_ rules: [FieldRule]) -> String {
        switch self {
        case .prompt: "What the picture shall show."
        case .width, .height: Self.bounds(rules).map { "\($0) pixels" } ?? "pixels; each model has bounds of its own"
        case .batchSize:
            "\(RequestLimits.batchSize.lowerBound) to \(RequestLimits.batchSize.upperBound); over 2 waits longer"
        case .aspectRatio: "like 16:9"
        case .imageURLs, .characterReferenceImages: "https addresses, one a line"
        case .steps: "20 to 40 is best; 28 if empty"
        case .resolution: "more takes longer and costs more"
        case .seed: "the same number gives the same picture again"
        case .guidanceScale: "how closely the prompt is followed\(Self.bounds(rules).map { ", \($0)" } ?? "")"
        case .strength: "how much a picture to start from is changed\(Self.bounds(rules).map { ", \($0)" } ?? "")"
        case .styles: "a style's ID and its strength from -2 to 2, one a line: ID 0.8"
        case .styleImages, .imageStyleReferences: "an https address and its strength from -2 to 2, one a line"
        }
    }

    /// The bounds, where all rules have the same.
    private static func bounds(_ rules: [FieldRule]) -> String? {
        guard let first = rules.first, let least = first.minimum, let most = first.maximum else { return nil }
        guard rules.allSatisfy({ $0.minimum == least && $0.maximum == most }) else { return nil }
        return "\(JSONValue.number(least).brief) to \(JSONValue.number(most).brief)"
    }

    /// Whether its values are pictures, or the addresses of some.
    var holdsPictures: Bool {
        switch self {
        case .imageURLs, .styleImages, .imageStyleReferences, .characterReferenceImages: true
        default: false
        }
    }

    /// Whether it is typed as several lines.
    var isList: Bool { holdsPictures || self == .styles }

    /// Whether it is typed as a number.
    var isNumber: Bool {
        switch self {
        case .width, .height, .batchSize, .steps, .seed, .guidanceScale, .strength: true
        default: false
        }
    }
}
