import Jobs

/// Which fields the form offers for which model: those that the model's route takes.
struct ModelOffers {
    private let routes: [(model: Model, route: KreaRoute)]
    /// The fields beside the prompt that some model has.
    let details: [RequestField]

    init(_ catalogue: Catalogue) {
        let routes = Model.all.compactMap { model in catalogue.route(for: model).map { (model: model, route: $0) } }
        self.routes = routes
        details = RequestField.allCases.filter { field in
            field != .prompt && routes.contains { Self.has($0.route, field, $0.model) }
        }
    }

    /// How many models there are.
    var count: Int { routes.count }

    /// Where a model is made; nil when Krea has no route for it any more.
    func route(of model: Model) -> KreaRoute? {
        routes.first { $0.model == model }?.route
    }

    func models(with field: RequestField) -> [Model] {
        routes.filter { Self.has($0.route, field, $0.model) }.map(\.model)
    }

    /// The values of a field that some model has, each once.
    func choices(of field: RequestField) -> [String] {
        rules(of: field).flatMap { $0.choices ?? [] }.reduce(into: []) { choices, choice in
            if !choices.contains(choice) { choices.append(choice) }
        }
    }

    func rules(of field: RequestField) -> [FieldRule] {
        routes.compactMap { $0.route.fields[field] }
    }

    /// Pictures can be asked for by number everywhere, and a ratio wherever a size can be given.
    private static func has(_ route: KreaRoute, _ field: RequestField, _ model: Model) -> Bool {
        switch field {
        case .batchSize: true
        case .aspectRatio: route.fields[.aspectRatio] != nil || route.fields[.width] != nil
        default: route.fields[field] != nil && model.takes(field)
        }
    }
}
