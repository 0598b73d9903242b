/// Which of Krea's routes there are, as far as is known: by it requests are checked and sent.
public struct Catalogue: Hashable, Codable, Sendable {
    /// A route that Krea refused as one that it no longer has.
    public struct Gone: Hashable, Codable, Sendable {
        /// When it did.
        public let at: Timestamp
        /// The route that Krea named in its place, if it did.
        public let replacement: String?
    }

    /// The routes of the latest document of Krea's that could be read, by path; empty before there was one.
    public let routes: [String: KreaRoute]
    /// When that was read; nil before there was one.
    public let readAt: Timestamp?
    /// Routes that turned out to be gone since.
    public private(set) var gone: [String: Gone] = [:]

    /// How long a route counts as gone when no newer document says so: what was a passing fault is found out after a day.
    public static let goneFor: Duration = .seconds(86_400)

    /// A catalogue as Krea's document has it.
    public init(routes: [KreaRoute], readAt: Timestamp?) {
        self.routes = Dictionary(routes.map { ($0.path, $0) }) { first, _ in first }
        self.readAt = readAt
    }

    /// What serves as long as no document of Krea's was ever read: the table of the brief.
    public static let builtIn = Catalogue(routes: [], readAt: nil)

    /// The route to which a request for `model` is sent; nil when Krea has none for it any more.
    ///
    /// The first of the model's routes that there is. Where Krea has said that one is gone, what it named in its place comes first, and the
    /// document, which is older than that, is not believed to be complete.
    public func route(for model: Model) -> KreaRoute? {
        let paths = model.routes.map(\.path)
        let there = { (path: String) in gone[path] == nil }
        let listed = paths.lazy.filter(there).compactMap { routes[$0] }
        guard readAt == nil || paths.contains(where: { gone[$0] != nil }) else { return listed.first }
        let replacements = paths.compactMap { gone[$0]?.replacement }.lazy.filter(there).compactMap(route(at:))
        return replacements.first ?? listed.first ?? paths.lazy.filter(there).compactMap { KreaRoute.builtIn[$0] }.first
    }

    /// The route at a path below `/generate/image/`, gone or not; nil for one that was never heard of.
    public func route(at path: String) -> KreaRoute? {
        routes[path] ?? KreaRoute.builtIn[path]
    }

    /// Krea does not have this route any more, and perhaps has named another.
    public mutating func markGone(_ path: String, replacement: String?, at now: Timestamp) {
        let name = replacement.map { $0.split(separator: "/").suffix(2).joined(separator: "/") }
        gone[path] = Gone(at: now, replacement: name.flatMap { route(at: $0) == nil || $0 == path ? nil : $0 })
    }

    /// The catalogue after Krea was asked for its routes: what it answered, or what is known already, without what has counted as gone for
    /// long.
    public func after(_ result: CallResult<[KreaRoute]>, at now: Timestamp) -> Catalogue {
        if case .answered(let routes) = result { return Catalogue(routes: routes, readAt: now) }
        var catalogue = self
        catalogue.gone = gone.filter { now - $0.value.at < Self.goneFor }
        return catalogue
    }
}
