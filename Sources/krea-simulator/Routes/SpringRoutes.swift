extension Dialect {
    /// The seven models until spring 2026. Every route accepts the common members, but only Flux accepts `steps`.
    static let springRoutes: [SimulatedRoute] = [
        SimulatedRoute(model: "google/nano-banana-flash", summary: "Nano Banana 2", type: "nanoBananaFlash", request: spring([resolution])),
        SimulatedRoute(model: "bfl/flux-1-dev", summary: "Flux", type: "flux", request: spring(fluxMembers)),
        SimulatedRoute(model: "google/imagen-4-fast", summary: "Imagen 4 Fast", type: "imagen4Fast", request: spring([seed])),
        SimulatedRoute(model: "bytedance/seedream-3", summary: "Seedream 3", type: "seedream3", request: spring([seed])),
        SimulatedRoute(model: "ideogram/ideogram-3", summary: "Ideogram 3.0", type: "ideogram3", request: spring([seed, styleImages])),
        SimulatedRoute(model: "google/nano-banana-pro", summary: "Nano Banana Pro", type: "nanoBananaPro", request: spring([resolution])),
        SimulatedRoute(model: "google/nano-banana", summary: "Nano Banana", type: "nanoBanana", request: spring([])),
    ]

    private static func spring(_ more: [ObjectSchema.Property]) -> ObjectSchema {
        ObjectSchema(
            properties: [
                .init(name: "prompt", schema: .string(minLength: 1, maxLength: 1800), required: true),
                .init(name: "width", schema: .number(in: .init(512, 2368)), standard: 1024),
                .init(name: "height", schema: .number(in: .init(512, 2368)), standard: 1024),
                .init(name: "batchSize", schema: .integer(in: .init(1, 4)), standard: 1),
                .init(name: "aspectRatio", schema: .ratio),
                .init(name: "imageUrls", schema: .array(of: .uri())),
            ] + more
        )
    }

    private static let seed = ObjectSchema.Property(name: "seed", schema: .number())
    private static let resolution = ObjectSchema.Property(
        name: "resolution", schema: .string(oneOf: ["1K", "2K", "4K"]), standard: "1K"
    )
    private static let weighted = BodySchema.object(
        ObjectSchema(
            properties: [
                .init(name: "url", schema: .uri()),
                .init(name: "strength", schema: .number(in: .init(-2, 2)), required: true),
            ],
            closed: false
        )
    )
    private static let styleImages = ObjectSchema.Property(name: "styleImages", schema: .array(of: weighted))
    private static let fluxMembers: [ObjectSchema.Property] = [
        .init(name: "steps", schema: .integer(in: .init(1, 100)), standard: 25),
        .init(name: "guidance_scale_flux", schema: .number(in: .init(0, 24)), standard: 3),
        seed,
        .init(name: "imageUrl", schema: .nullable(.uri())),
        .init(name: "strength", schema: .number(), standard: 1),
        styleImages,
        .init(name: "imageStyleRefs", schema: .array(of: weighted)),
    ]
}
