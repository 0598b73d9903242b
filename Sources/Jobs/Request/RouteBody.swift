/// The body that brings a request to a route, with its price and what people have to be told about it.
public struct RouteBody: Hashable, Sendable {
    /// The members, by the names that the route has for them.
    public private(set) var members: [String: JSONValue] = [:]
    /// What the person who asked has to know: what was left out, turned into something else or chosen for them.
    public private(set) var warnings: [Warning] = []
    /// What Krea takes for it, at a price for each picture; nil if that is not known.
    public private(set) var price: Money?

    /// The body that brings `pictures` pictures of a request from `route`.
    ///
    /// What the route does not take is left out, and what it needs gets a sensible value, each with a warning. So a request that was
    /// accepted for another route can be sent to this one all the same.
    public init(_ request: GenerationRequest, to route: KreaRoute, pictures: Int) {
        members["prompt"] = .string(request.prompt)
        for field in RequestField.allCases where field != .prompt && field != .batchSize {
            guard let value = request.values[field] else { continue }
            guard let rule = route.fields[field], request.model.takes(field) else {
                // The size says it too.
                if field != .aspectRatio || !Self.takesSize(route) { warnings.append(.notTaken(field, by: name(of: request, at: route))) }
                continue
            }
            add(value, field, rule)
        }
        if let rule = route.fields[.batchSize], pictures > 1 || request.batchSize != nil { members[rule.name] = .number(Double(pictures)) }
        addSize(of: request, to: route)
        addWhatIsNeeded(route)
        price = route.price(of: members).map { Money(usd: $0) * pictures }
    }

    private mutating func add(_ value: JSONValue, _ field: RequestField, _ rule: FieldRule) {
        guard rule.allows(value) else {
            warnings.append(.notAllowed(field, value: value.brief))
            return
        }
        guard rule.isSingle, let elements = value.elements else {
            members[rule.name] = value
            return
        }
        members[rule.name] = elements.first
        if elements.count > 1 { warnings.append(.onlyFirst(field, of: elements.count)) }
    }

    /// A route that takes no ratio, but a size, gets a size of that ratio.
    private mutating func addSize(of request: GenerationRequest, to route: KreaRoute) {
        guard
            let text = request.aspectRatio, route.fields[.aspectRatio] == nil, request.width == nil, request.height == nil,
            let width = route.fields[.width], let height = route.fields[.height], let size = PictureSize(ratio: text, width, height)
        else { return }
        members[width.name] = .number(Double(size.width))
        members[height.name] = .number(Double(size.height))
        warnings.append(.sizeForRatio(text, width: size.width, height: size.height))
    }

    private mutating func addWhatIsNeeded(_ route: KreaRoute) {
        for (field, rule) in route.fields where rule.isRequired && members[rule.name] == nil {
            let usual: JSONValue? = [.width, .height].contains(field) ? .number(1024) : nil
            members[rule.name] = rule.fallback ?? usual
        }
    }

    private static func takesSize(_ route: KreaRoute) -> Bool { route.fields[.width] != nil && route.fields[.height] != nil }

    private func name(of request: GenerationRequest, at route: KreaRoute) -> String { request.model.name(at: route.path) }
}

/// Pixels of a picture.
struct PictureSize: Hashable {
    let width: Int
    let height: Int

    /// A size of about one megapixel with a ratio like `16:9`, its sides multiples of 16 within the rules; nil when `text` is no ratio.
    init?(ratio text: String, _ widthRule: FieldRule, _ heightRule: FieldRule) {
        let sides = text.split(separator: ":").compactMap { Double($0) }
        guard sides.count == 2, sides[0] > 0, sides[1] > 0 else { return nil }
        let scale = (1024 * 1024 / (sides[0] * sides[1])).squareRoot()
        let least = max(widthRule.minimum ?? 0, heightRule.minimum ?? 0)
        let factor = max(1, least / (min(sides[0], sides[1]) * scale))
        width = Self.side(sides[0] * scale * factor, widthRule)
        height = Self.side(sides[1] * scale * factor, heightRule)
    }

    private static func side(_ length: Double, _ rule: FieldRule) -> Int {
        Int(clamping: min(max((length / 16).rounded() * 16, rule.minimum ?? 16), rule.maximum ?? .greatestFiniteMagnitude))
    }
}
