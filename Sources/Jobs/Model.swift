/// One of the seven models that people can choose, with what the brief says about it.
public struct Model: Hashable, Sendable {
    /// A short name that does not change, for stores and forms: `nano-banana-2`.
    public let id: String
    /// The name that people read: `Nano Banana 2`.
    public let name: String
    /// Other names it answers to, folded (see ``named(_:)``).
    public let aliases: [String]
    /// Where Krea takes its jobs, below `/generate/image/`.
    public let path: String
    /// What it is good at, in a few words.
    public let bestFor: String
    /// How long a picture usually takes, in seconds from its submission.
    public let typicalSeconds: ClosedRange<Int>
    /// The number of steps that is sent when none is given; nil for a model that takes no steps at all.
    public let defaultSteps: Int?

    /// The models in the order in which they are offered; the first is the default.
    public static let all: [Model] = [
        Model(
            id: "nano-banana-2", name: "Nano Banana 2", aliases: ["nano2", "flash", "default"],
            path: "google/nano-banana-flash", bestFor: "fastest, cheapest, many images; rich scenes",
            typicalSeconds: 15...30, defaultSteps: nil),
        Model(
            id: "flux", name: "Flux", aliases: ["fluxdev", "bfl"],
            path: "bfl/flux-1-dev", bestFor: "detailed photo and style, LoRAs, custom ratios; steps 20–40",
            typicalSeconds: 30...90, defaultSteps: 28),
        Model(
            id: "imagen-4-fast", name: "Imagen 4 Fast", aliases: ["imagen", "imagen4", "google"],
            path: "google/imagen-4-fast", bestFor: "photorealism, typography, product shots",
            typicalSeconds: 20...45, defaultSteps: nil),
        Model(
            id: "seedream-3", name: "Seedream 3", aliases: ["seedream", "bytedance"],
            path: "bytedance/seedream-3", bestFor: "photorealism, flexible resolution, “8K detail”",
            typicalSeconds: 45...120, defaultSteps: nil),
        Model(
            id: "ideogram-3", name: "Ideogram 3.0", aliases: ["ideogram"],
            path: "ideogram/ideogram-3", bestFor: "flat and graphic styles, text in image, posters",
            typicalSeconds: 30...60, defaultSteps: nil),
        Model(
            id: "nano-banana-pro", name: "Nano Banana Pro", aliases: ["nanopro", "pro"],
            path: "google/nano-banana-pro", bestFor: "typography, photorealism, 4K",
            typicalSeconds: 25...60, defaultSteps: nil),
        Model(
            id: "nano-banana", name: "Nano Banana", aliases: ["nano", "nano1"],
            path: "google/nano-banana", bestFor: "basic scenes; webhook support",
            typicalSeconds: 20...45, defaultSteps: nil),
    ]

    /// The model that is used when none is named.
    public static let `default` = all[0]

    /// The model that answers to `text`: its ID, its name or an alias. Case, spaces, `-` and `_` do not matter.
    public static func named(_ text: String) -> Model? {
        byFoldedName[fold(text)]
    }

    private static let byFoldedName: [String: Model] = all.reduce(into: [:]) { names, model in
        for name in [model.id, model.name] + model.aliases { names[fold(name)] = model }
    }

    private static func fold(_ name: String) -> String {
        name.lowercased().filter { !" -_".contains($0) }
    }
}

extension Model: Codable {
    /// Reads a model by its ID. Throws `DecodingError.dataCorrupted` for one that this version does not know.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let id = try container.decode(String.self)
        guard let model = Model.named(id) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no model has the ID \"\(id)\"")
        }
        self = model
    }

    /// Writes the model's ID. Throws what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(id)
    }
}
