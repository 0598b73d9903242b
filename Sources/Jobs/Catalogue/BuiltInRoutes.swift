extension KreaRoute {
    /// The routes that are known without Krea's document: the seven of the brief with its members and limits, and, for the case that one of
    /// them turns out to be gone before a document could be read, their successors as they were in October 2026.
    static let builtIn: [String: KreaRoute] = Dictionary(uniqueKeysWithValues: (brief + successors).map { ($0.path, $0) })

    private static let brief: [KreaRoute] = Model.all.map { model in
        var fields = spring
        if model.defaultSteps != nil {
            fields[.steps] = FieldRule(
                name: "steps", minimum: Double(RequestLimits.steps.lowerBound), maximum: Double(RequestLimits.steps.upperBound))
        }
        return KreaRoute(path: model.routes[0].path, fields: fields)
    }

    private static let spring: [RequestField: FieldRule] = [
        .prompt: FieldRule(name: "prompt", minimum: 1, isRequired: true),
        .width: side("width"),
        .height: side("height"),
        .batchSize: FieldRule(
            name: "batchSize", minimum: Double(RequestLimits.batchSize.lowerBound), maximum: Double(RequestLimits.batchSize.upperBound)),
        .aspectRatio: FieldRule(name: "aspectRatio"),
        .imageURLs: FieldRule(name: "imageUrls"),
    ]

    private static func side(_ name: String) -> FieldRule {
        FieldRule(name: name, minimum: Double(RequestLimits.side.lowerBound), maximum: Double(RequestLimits.side.upperBound))
    }

    private static let successors = [
        KreaRoute(
            path: "google/nano-banana-2",
            fields: nano(
                promptAtLeast: 3, wide: true,
                [.resolution: FieldRule(name: "resolution", choices: ["1K", "2K", "4K"], fallback: .string("1K"))])),
        KreaRoute(path: "google/nano-banana-flash-lite", fields: nano(promptAtLeast: 1, wide: false, [:])),
        KreaRoute(path: "bytedance/seedream-4", fields: seedream),
        KreaRoute(path: "bytedance/seedream-5-lite", fields: seedream),
    ]

    private static func nano(
        promptAtLeast: Double, wide: Bool, _ more: [RequestField: FieldRule]
    ) -> [RequestField: FieldRule] {
        let ratios = ["21:9", "1:1", "4:3", "3:2", "2:3", "5:4", "4:5", "3:4", "16:9", "9:16"]
        let fields: [RequestField: FieldRule] = [
            .prompt: FieldRule(name: "prompt", minimum: promptAtLeast, isRequired: true),
            .width: FieldRule(name: "width"),
            .height: FieldRule(name: "height"),
            .imageURLs: FieldRule(name: "image_urls"),
            .aspectRatio: FieldRule(name: "aspect_ratio", choices: wide ? ["4:1"] + ratios + ["1:4", "1:8"] : ratios),
        ]
        return fields.merging(more) { $1 }
    }

    private static let seedream: [RequestField: FieldRule] = [
        .prompt: FieldRule(name: "prompt", minimum: 1, isRequired: true),
        .width: FieldRule(name: "width", maximum: 4096, isRequired: true),
        .height: FieldRule(name: "height", maximum: 4096, isRequired: true),
        .seed: FieldRule(name: "seed"),
        .styleImages: FieldRule(name: "style_images"),
    ]
}
