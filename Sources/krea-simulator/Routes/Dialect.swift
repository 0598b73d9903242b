/// A version of the API: its routes and field names. Another one is a case here and a file of routes.
enum Dialect: String, Sendable, CaseIterable {
    /// The API until spring 2026: camelCase, `batchSize`, seven models.
    case spring
    /// The API of October 2026: snake_case, closed schemas, one picture per job.
    case current

    var routes: [SimulatedRoute] {
        switch self {
        case .spring: Self.springRoutes
        case .current: Self.currentRoutes
        }
    }

    var sunsets: [Sunset] {
        switch self {
        case .spring: []
        case .current: Self.currentSunsets
        }
    }
}
