import Jobs

/// The models for programs, in the order in which they are offered, with what the catalogue knows of their routes.
struct ModelsJSON: Encodable {
    struct Range: Encodable {
        let min: Double?
        let max: Double?
    }

    /// What one member of a request may be. A bound is of a number, of the characters of a prompt, or of the elements of a list.
    struct Member: Encodable {
        let min: Double?
        let max: Double?
        /// The only values; absent when others are allowed.
        let values: [String]?
        let required: Bool

        init(_ rule: FieldRule) {
            min = rule.minimum
            max = rule.maximum
            values = rule.choices
            required = rule.isRequired
        }
    }

    struct Price: Encodable {
        let usd: Double
        /// Values of members for which it holds, by Krea's names.
        let conditions: [String: String]
    }

    struct Item: Encodable {
        let id: String
        let name: String
        let isDefault: Bool
        let aliases: [String]
        let bestFor: String
        let typicalSeconds: Range
        /// The number that is sent when none is given; null for a model that takes none.
        @Nullable var steps: Int?
        /// Where Krea takes its jobs now, below `/generate/image/`; null when Krea has no route for it any more.
        @Nullable var route: String?
        /// What really makes the pictures there.
        @Nullable var usedModel: String?
        /// Whether Krea makes several pictures in one job there; else they become several jobs.
        let makesBatches: Bool
        let members: [String: Member]
        let prices: [Price]

        private enum CodingKeys: String, CodingKey {
            case id, name, aliases, bestFor, typicalSeconds, steps, route, usedModel, makesBatches, members, prices
            case isDefault = "default"
        }

        init(_ model: Model, _ route: KreaRoute?) {
            id = model.id
            name = model.name
            isDefault = model == .default
            aliases = model.aliases
            bestFor = model.bestFor
            typicalSeconds = Range(min: Double(model.typicalSeconds.lowerBound), max: Double(model.typicalSeconds.upperBound))
            steps = model.defaultSteps
            self.route = route?.path
            usedModel = route.map { model.name(at: $0.path) }
            makesBatches = route?.makesBatches ?? false
            let rules = route?.fields.filter { model.takes($0.key) } ?? [:]
            members = Dictionary(uniqueKeysWithValues: rules.map { ($0.key.rawValue, Member($0.value)) })
            prices = route?.prices.map { Price(usd: $0.usd, conditions: $0.conditions) } ?? []
        }
    }

    struct Origin: Encodable {
        /// `krea` for Krea's own document, `built_in` before one could be read.
        let source: String
        @Nullable var readAt: String?
    }

    let items: [Item]
    let catalogue: Origin

    init(_ catalogue: Catalogue) {
        items = Model.all.map { Item($0, catalogue.route(for: $0)) }
        self.catalogue = Origin(source: catalogue.readAt == nil ? "built_in" : "krea", readAt: catalogue.readAt?.iso8601)
    }
}
