/// One of the seven models that people can choose, with what the brief says about it.
public struct Model: Hashable, Sendable {
    /// One of Krea's routes that makes its pictures.
    public struct Route: Hashable, Sendable {
        /// The path below `/generate/image/`.
        public let path: String
        /// The name that people read of what answers there.
        public let name: String

        init(_ path: String, _ name: String) {
            self.path = path
            self.name = name
        }
    }

    /// Which of the seven; the raw values do not change.
    public enum Kind: String, Hashable, Sendable {
        case nanoBanana2 = "nano-banana-2"
        case flux
        case imagen4Fast = "imagen-4-fast"
        case seedream3 = "seedream-3"
        case ideogram3 = "ideogram-3"
        case nanoBananaPro = "nano-banana-pro"
        case nanoBanana = "nano-banana"
    }

    /// Which it is.
    public let kind: Kind
    /// A short name that does not change, for stores and forms: `nano-banana-2`.
    public var id: String { kind.rawValue }
    /// The name that people read: `Nano Banana 2`.
    public let name: String
    /// Other names it answers to, folded (see ``named(_:)``).
    public let aliases: [String]
    /// Where Krea takes its jobs: the brief's route first, then those that can stand in for it when Krea no longer has it.
    public let routes: [Route]
    /// How long a picture usually takes, in seconds from its submission.
    public let typicalSeconds: ClosedRange<Int>
    /// The number of steps that is sent when none is given; nil for a model that takes no steps at all.
    public let defaultSteps: Int?

    /// The models in the order in which they are offered; the first is the default.
    public static let all: [Model] = [
        Model(
            kind: .nanoBanana2, name: "Nano Banana 2", aliases: ["nano2", "flash", "default"],
            routes: [Route("google/nano-banana-flash", "Nano Banana 2"), Route("google/nano-banana-2", "Nano Banana 2")],
            typicalSeconds: 15...30, defaultSteps: nil),
        Model(
            kind: .flux, name: "Flux", aliases: ["fluxdev", "bfl"],
            routes: [Route("bfl/flux-1-dev", "Flux")],
            typicalSeconds: 30...90, defaultSteps: 28),
        Model(
            kind: .imagen4Fast, name: "Imagen 4 Fast", aliases: ["imagen", "imagen4", "google"],
            routes: [
                Route("google/imagen-4-fast", "Imagen 4 Fast"),
                Route("google/nano-banana-flash-lite", "Nano Banana Flash Lite"),
                Route("google/nano-banana-2", "Nano Banana 2"),
            ],
            typicalSeconds: 20...45, defaultSteps: nil),
        Model(
            kind: .seedream3, name: "Seedream 3", aliases: ["seedream", "bytedance"],
            routes: [
                Route("bytedance/seedream-3", "Seedream 3"),
                Route("bytedance/seedream-4", "Seedream 4"),
                Route("bytedance/seedream-5-lite", "Seedream 5 Lite"),
            ],
            typicalSeconds: 45...120, defaultSteps: nil),
        Model(
            kind: .ideogram3, name: "Ideogram 3.0", aliases: ["ideogram"],
            routes: [Route("ideogram/ideogram-3", "Ideogram 3.0"), Route("ideogram/ideogram-4.5", "Ideogram 4.5")],
            typicalSeconds: 30...60, defaultSteps: nil),
        Model(
            kind: .nanoBananaPro, name: "Nano Banana Pro", aliases: ["nanopro", "pro"],
            routes: [Route("google/nano-banana-pro", "Nano Banana Pro")],
            typicalSeconds: 25...60, defaultSteps: nil),
        Model(
            kind: .nanoBanana, name: "Nano Banana", aliases: ["nano", "nano1"],
            routes: [Route("google/nano-banana", "Nano Banana"), Route("google/nano-banana-2", "Nano Banana 2")],
            typicalSeconds: 20...45, defaultSteps: nil),
    ]

    /// The model that is used when none is named.
    public static let `default` = all[0]

    /// The model that answers to `text`: its ID, its name or an alias. Case, spaces, `-` and `_` do not matter.
    public static func named(_ text: String) -> Model? {
        text.utf8.count <= 100 ? byFoldedName[fold(text)] : nil
    }

    /// The model that has this path below `/generate/image/` among its routes; of several the one that has it earliest.
    public static func atRoute(_ path: String) -> Model? {
        let places = all.compactMap { model in
            model.routes.firstIndex { $0.path == path }.map { (model: model, place: $0) }
        }
        return places.min { $0.place < $1.place }?.model
    }

    /// The name that people read of what answers at a path below `/generate/image/`.
    public func name(at path: String) -> String {
        let known = routes + Model.all.flatMap(\.routes)
        return known.first { $0.path == path }?.name ?? String(path.split(separator: "/").last ?? "")
    }

    /// Whether the brief lets the model have this field at all: steps are only ever sent for Flux.
    public func takes(_ field: RequestField) -> Bool {
        field != .steps || defaultSteps != nil
    }

    /// What has to be said when its pictures are made at this path.
    func warnings(at path: String) -> [Warning] {
        let used = self.name(at: path)
        return used == name ? [] : [.replaced(model: name, by: used)]
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
