/// The one description of a generate route. Validation, prices and the OpenAPI document all use it.
struct SimulatedRoute: Sendable {
    /// The price of a job in US dollars, for example 0.12 if `resolution` is `2K`.
    struct Price: Sendable {
        var amount: Double
        var dimensions: [String: String] = [:]
    }

    /// The path below `/generate/image/`: the maker and the model.
    var model: String
    var summary: String
    /// The job type, for the filter in `GET /jobs?types=`.
    var type: String
    var request: ObjectSchema
    var prices: [Price] = []

    var path: String { "/generate/image/" + model }
}

/// A discontinued model.
struct Sunset: Sendable {
    var model: String
    var date: String
    /// The path of the replacement.
    var replacement: String
}
