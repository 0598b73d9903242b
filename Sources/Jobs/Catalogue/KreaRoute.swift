/// One of Krea's routes for images: where it is, what it takes and what it costs.
public struct KreaRoute: Hashable, Codable, Sendable {
    /// The price of a picture in US dollars, under conditions.
    public struct Price: Hashable, Codable, Sendable {
        /// US dollars for one job.
        public let usd: Double
        /// Values of members for which it holds, by the route's names; `present` stands for any value. Empty for the ordinary price.
        public let conditions: [String: String]

        /// A price.
        public init(usd: Double, conditions: [String: String] = [:]) {
            self.usd = usd
            self.conditions = conditions
        }
    }

    /// The path below `/generate/image/`.
    public let path: String
    /// What it takes.
    public let fields: [RequestField: FieldRule]
    /// What it costs; empty when that is not known.
    public let prices: [Price]

    /// A route.
    public init(path: String, fields: [RequestField: FieldRule], prices: [Price] = []) {
        self.path = path
        self.fields = fields
        self.prices = prices
    }

    /// Whether Krea makes several pictures in one job here.
    public var makesBatches: Bool { fields[.batchSize] != nil }

    /// The jobs at Krea that so many pictures need here.
    public func submissions(for pictures: Int) -> [Submission] {
        makesBatches ? [Submission(pictures: pictures)] : Array(repeating: Submission(), count: pictures)
    }

    /// US dollars for a body of this route; nil when no price is known.
    ///
    /// Of the prices whose conditions the body, with the route's own defaults, fulfils, the one with the most conditions counts.
    public func price(of body: [String: JSONValue]) -> Double? {
        let matching = prices.filter { price in
            price.conditions.allSatisfy { name, wanted in
                let rule = fields.values.first { $0.name == name }
                guard let value = body[name] ?? rule?.fallback else { return false }
                return wanted == "present" || value.text == wanted || value.brief == wanted
            }
        }
        return matching.max { $0.conditions.count < $1.conditions.count }?.usd
    }
}
