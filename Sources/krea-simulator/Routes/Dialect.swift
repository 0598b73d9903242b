/// The API as it was at one time: its routes and its field names.
enum Dialect: String, Sendable, CaseIterable {
    /// Until spring 2026: camelCase, `batchSize`, seven models.
    case spring
    /// October 2026: snake_case, closed schemas, one picture a job.
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
