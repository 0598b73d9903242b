/// A member of a request that depends on Krea's route: most routes take only some of them. The raw value is the documented name.
public enum RequestField: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    /// What the picture should show.
    case prompt
    /// Pixels.
    case width
    /// Pixels.
    case height
    /// How many pictures.
    case batchSize = "batch_size"
    /// Like `16:9`.
    case aspectRatio = "aspect_ratio"
    /// Pictures to start from.
    case imageURLs = "image_urls"
    /// Steps of the making; only Flux.
    case steps
    /// Like `2K`.
    case resolution
    /// Makes a picture repeatable.
    case seed
    /// How closely the prompt is followed.
    case guidanceScale = "guidance_scale"
    /// How much a picture to start from is changed.
    case strength
    /// Krea's styles (LoRAs), each with its weight.
    case styles
    /// Pictures whose style is taken over, each with its weight.
    case styleImages = "style_images"
    /// Pictures that the style refers to, each with its weight.
    case imageStyleReferences = "image_style_references"
    /// Pictures of a character.
    case characterReferenceImages = "character_reference_images"

    /// What kind of value it has.
    public enum Kind: Sendable {
        case text, wholeNumber, number, ratio, choice, addresses, styles, weightedImages
    }

    /// What kind of value it has.
    public var kind: Kind {
        switch self {
        case .prompt: .text
        case .width, .height, .batchSize, .steps, .seed: .wholeNumber
        case .guidanceScale, .strength: .number
        case .aspectRatio: .ratio
        case .resolution: .choice
        case .imageURLs, .characterReferenceImages: .addresses
        case .styles: .styles
        case .styleImages, .imageStyleReferences: .weightedImages
        }
    }

    /// All names under which it is taken, and under which a route may have it: the documented one, then Krea's older ones.
    public var names: [String] {
        switch self {
        case .prompt, .width, .height, .steps, .resolution, .seed, .strength: [rawValue]
        case .batchSize: [rawValue, "batchSize"]
        case .aspectRatio: [rawValue, "aspectRatio"]
        case .imageURLs: [rawValue, "imageUrls", "image_url", "imageUrl"]
        case .guidanceScale: [rawValue, "guidanceScale", "guidance_scale_flux"]
        case .styles: [rawValue, "presetStyles"]
        case .styleImages: [rawValue, "styleImages"]
        case .imageStyleReferences: [rawValue, "imageStyleRefs", "imageStyleReferences"]
        case .characterReferenceImages: [rawValue, "characterReferenceImages"]
        }
    }

    /// The field with this name, under any of its names; nil when no field has it.
    public static func named(_ name: String) -> RequestField? { byName[name] }

    private static let byName: [String: RequestField] = Dictionary(
        uniqueKeysWithValues: allCases.flatMap { field in field.names.map { ($0, field) } })
}
