import Jobs

/// A request, as `GenerationRequest` checks it.
struct RequestSchema {
    /// The schema of a request that may name its model.
    static let name = "JobRequest"
    /// The schema of a request whose address names the model.
    static func name(of model: Model) -> String { "JobRequest-\(model.id)" }

    private let catalogue: Catalogue

    /// The schemas for the routes in `catalogue`.
    init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    var all: [String: JSONValue] {
        var schemas = [Self.name: Self.schema("A job.", Self.members { $0.general }.merging(["model": Self.model]) { $1 })]
        for model in Model.all { schemas[Self.name(of: model)] = schema(of: model) }
        return schemas
    }

    private func schema(of model: Model) -> JSONValue {
        let rules = catalogue.route(for: model)?.fields ?? [:]
        let members = Self.members { field in
            guard model.takes(field) else { return nil }
            // Several pictures become several jobs at Krea, and a ratio becomes a size, where the route has neither.
            return rules[field]?.completed(for: field) ?? (field == .batchSize || field == .aspectRatio ? field.general : nil)
        }
        return Self.schema("A job for \(model.name).", members)
    }

    /// The members with a rule, by all their names.
    private static func members(_ rule: (RequestField) -> FieldRule?) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for field in RequestField.allCases {
            guard var schema = (field == .prompt ? rule(field) ?? field.general : rule(field)).map(field.schema)?.members else { continue }
            for name in field.names {
                members[name] = .object(schema)
                schema["deprecated"] = true
                schema["description"] = .string("Another name of \(field.rawValue).")
            }
        }
        return members
    }

    private static func schema(_ description: String, _ members: [String: JSONValue]) -> JSONValue {
        let members = members.merging([WebhookAddress.member: webhook]) { $1 }
        return Schema.object(
            "\(description) null counts as not given; other members are refused.", members,
            optional: Set(members.keys).subtracting(["prompt"]), isClosed: true)
    }

    private static let webhook = Schema.address(
        "Where one POST of the job goes when it has ended: https, to a host that the operator allows.", isSecure: true)

    private static let model = Schema.text(
        "One of \(Model.all.map(\.name).joined(separator: ", ")), or an alias of GET /models. Case, spaces, - and _ do not matter. "
            + "\(Model.default.name) if not given.",
        ["examples": .array(Model.all.map { .string($0.id) })])
}
