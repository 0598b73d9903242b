/// One generate route of a dialect: the only description of it. Validation, prices and the OpenAPI document are read from here.
struct SimulatedRoute: Sendable {
    /// What a job costs in US dollars, for example 0.12 where `resolution` is `2K`.
    struct Price: Sendable {
        var amount: Double
        var dimensions: [String: String] = [:]
    }

    /// The path below `/generate/image/`, which is the maker and the model.
    var model: String
    var summary: String
    /// The job type that `GET /jobs?types=` filters by.
    var type: String
    var request: ObjectSchema
    var prices: [Price] = []

    var path: String { "/generate/image/" + model }
}

/// A model that is gone.
struct Sunset: Sendable {
    var model: String
    var date: String
    /// The path of the model to use instead.
    var replacement: String
}
