import Jobs

/// The models for programs, in the order in which they are offered.
struct ModelsJSON: Encodable {
    struct Range: Encodable {
        let min: Int
        let max: Int

        init(_ range: ClosedRange<Int>) {
            min = range.lowerBound
            max = range.upperBound
        }
    }

    struct Limits: Encodable {
        let width = Range(RequestLimits.side)
        let height = Range(RequestLimits.side)
        let batchSize = Range(RequestLimits.batchSize)
        let promptCharacters = Range(1...RequestLimits.promptCharacters)
        let images = Range(0...RequestLimits.imageURLs)
        /// Absent for a model that takes no steps.
        let steps: Range?
    }

    struct Item: Encodable {
        let id: String
        let name: String
        let isDefault: Bool
        let aliases: [String]
        let path: String
        let bestFor: String
        let typicalSeconds: Range
        /// The number that is sent when none is given; null for a model that takes none.
        @Nullable var steps: Int?
        let limits: Limits

        private enum CodingKeys: String, CodingKey {
            case id, name, aliases, path, bestFor, typicalSeconds, steps, limits
            case isDefault = "default"
        }
    }

    let items = Model.all.map { model in
        Item(
            id: model.id, name: model.name, isDefault: model == .default, aliases: model.aliases, path: model.path,
            bestFor: model.bestFor, typicalSeconds: Range(model.typicalSeconds), steps: model.defaultSteps,
            limits: Limits(steps: model.defaultSteps.map { _ in Range(RequestLimits.steps) }))
    }
}
