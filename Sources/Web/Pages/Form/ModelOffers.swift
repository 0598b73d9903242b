import Jobs

/// The fields that the form offers for each model: those that its route takes.
struct ModelOffers {
    private let routes: [(model: Model, route: KreaRoute)]
    /// The fields besides the prompt that at least one model has.
    let details: [RequestField]

    init(_ catalogue: Catalogue) {
        let routes = Model.all.compactMap { model in catalogue.route(for: model).map { (model: model, route: $0) } }
        self.routes = routes
        details = RequestField.allCases.filter { field in
            field != .prompt && routes.contains { Self.has($0.route, field, $0.model) }
        }
    }

    /// The number of models on offer.
    var count: Int { routes.count }

    /// A model's route; nil if Krea no longer has one.
    func route(of model: Model) -> KreaRoute? {
        routes.first { $0.model == model }?.route
    }

    func models(with field: RequestField) -> [Model] {
        routes.filter { Self.has($0.route, field, $0.model) }.map(\.model)
    }

    /// The values of a field over all models, each once.
    func choices(of field: RequestField) -> [String] {
        rules(of: field).flatMap { $0.choices ?? [] }.reduce(into: []) { choices, choice in
            if !choices.contains(choice) { choices.append(choice) }
        }
    }

    func rules(of field: RequestField) -> [FieldRule] {
        routes.compactMap { $0.route.fields[field] }
    }

    /// Every model has a number of pictures, and a ratio if it has a size.
    private static func has(_ route: KreaRoute, _ field: RequestField, _ model: Model) -> Bool {
        switch field {
        case .batchSize: true
        case .aspectRatio: route.fields[.aspectRatio] != nil || route.fields[.width] != nil
        default: route.fields[field] != nil && model.takes(field)
        }
    }
}
