extension Dialect {
    /// The image routes of October 2026 that can replace the seven of spring, with their prices.
    static let currentRoutes: [SimulatedRoute] = [
        SimulatedRoute(
            model: "bfl/flux-1-dev", summary: "Flux", type: "flux",
            request: ObjectSchema(properties: [prompt(atMost: 1800)] + size(512, 2368, standard: 1024) + fluxMembers),
            prices: [.init(amount: 0.007)]
        ),
        SimulatedRoute(
            model: "google/nano-banana-2", summary: "Nano Banana 2", type: "nanoBanana2",
            request: nano(atLeast: 3, ratios: wideRatios, [resolution]), prices: byResolution(0.08, 0.12, 0.16)
        ),
        SimulatedRoute(
            model: "google/nano-banana-2.1", summary: "Nano Banana 2.1", type: "nanoBanana21",
            request: nano(
                atLeast: 3, ratios: wideRatios,
                [resolution, .init(name: "thinking_level", schema: .string(oneOf: ["minimal", "medium", "high"]), standard: "medium")]
            )
        ),
        SimulatedRoute(
            model: "google/nano-banana-flash-lite", summary: "Nano Banana Flash Lite", type: "nanoBananaFlashLite",
            request: nano(atLeast: 1, ratios: ratios, maxImages: 14, []), prices: [.init(amount: 0.034)]
        ),
        SimulatedRoute(
            model: "google/nano-banana-pro", summary: "Nano Banana Pro", type: "nanoBananaPro",
            request: nano(atLeast: 3, ratios: ratios, [resolution]), prices: byResolution(0.15, 0.15, 0.3)
        ),
        SimulatedRoute(
            model: "google/nano-banana", summary: "Nano Banana", type: "nanoBanana",
            request: nano(atLeast: 1, ratios: ratios, []), prices: [.init(amount: 0.0429)]
        ),
        SimulatedRoute(
            model: "ideogram/ideogram-3", summary: "Ideogram 3.0", type: "ideogram3",
            request: ObjectSchema(
                properties: [prompt(atLeast: 1)] + size(512, 8192, standard: 1024)
                    + [seed, .init(name: "character_reference_images", schema: .array(of: uri)), styleImages()]
            ),
            prices: [
                .init(amount: 0.063), .init(amount: 0.1575, dimensions: ["character_reference_images": "present"]),
            ]
        ),
        SimulatedRoute(
            model: "bytedance/seedream-4", summary: "Seedream 4", type: "seedream4",
            request: ObjectSchema(properties: [prompt(atLeast: 1)] + size(nil, 4096, required: true) + [seed, styleImages()]),
            prices: [.init(amount: 0.0315)]
        ),
        SimulatedRoute(
            model: "bytedance/seedream-5-lite", summary: "Seedream 5 Lite", type: "seedream5Lite",
            request: ObjectSchema(properties: [prompt(atLeast: 1)] + size(nil, 4096, required: true) + [seed, styleImages(atMost: 14)]),
            prices: [.init(amount: 0.0368)]
        ),
    ]

    /// The routes that are gone. The dates are not public; it is only known that the routes were gone in October.
    static let currentSunsets: [Sunset] = [
        Sunset(model: "google/nano-banana-flash", date: "2026-05-25", replacement: "google/nano-banana-2"),
        Sunset(model: "google/imagen-4-fast", date: "2026-09-30", replacement: "google/nano-banana-flash-lite"),
        Sunset(model: "bytedance/seedream-3", date: "2026-05-25", replacement: "bytedance/seedream-4"),
    ]

    private static let ratios = ["21:9", "1:1", "4:3", "3:2", "2:3", "5:4", "4:5", "3:4", "16:9", "9:16"]
    private static let wideRatios = ["4:1"] + ratios + ["1:4", "1:8"]
    private static let uri = BodySchema.uri(maxLength: 1024)
    private static let seed = ObjectSchema.Property(name: "seed", schema: .number(), standard: 1337)
    private static let resolution = ObjectSchema.Property(
        name: "resolution", schema: .string(oneOf: ["1K", "2K", "4K"]), standard: "1K"
    )
    private static let strength = ObjectSchema.Property(name: "strength", schema: .number(in: .init(-2, 2)), required: true)
    private static let weighted = BodySchema.object(
        ObjectSchema(properties: [strength, .init(name: "url", schema: uri)], closed: false)
    )
    private static let fluxMembers: [ObjectSchema.Property] = [
        .init(name: "steps", schema: .integer(in: .init(1, 100)), standard: 25),
        .init(name: "guidance_scale", schema: .number(in: .init(0, 24)), standard: 3),
        .init(name: "seed", schema: .number()),
        .init(name: "image_url", schema: .nullable(uri)),
        .init(name: "strength", schema: .number(in: .init(0, 1)), standard: 1),
        .init(
            name: "styles",
            schema: .array(
                of: .object(
                    ObjectSchema(properties: [.init(name: "id", schema: .string(), required: true), strength], closed: false)
                )
            )
        ),
        styleImages(),
        .init(name: "image_style_references", schema: .array(of: weighted)),
    ]

    private static func prompt(atLeast: Int? = nil, atMost: Int? = nil) -> ObjectSchema.Property {
        .init(name: "prompt", schema: .string(minLength: atLeast, maxLength: atMost), required: true)
    }

    private static func size(
        _ least: Double?, _ most: Double?, required: Bool = false, standard: JSON? = nil
    ) -> [ObjectSchema.Property] {
        ["width", "height"].map { name in
            .init(name: name, schema: .number(in: .init(least, most)), required: required, standard: standard)
        }
    }

    private static func styleImages(atMost: Int? = nil) -> ObjectSchema.Property {
        .init(name: "style_images", schema: .array(of: weighted, maxItems: atMost))
    }

    private static func nano(
        atLeast: Int, ratios: [String], maxImages: Int? = nil, _ more: [ObjectSchema.Property]
    ) -> ObjectSchema {
        ObjectSchema(
            properties: [prompt(atLeast: atLeast)] + size(nil, nil)
                + [
                    .init(name: "image_urls", schema: .array(of: uri, maxItems: maxImages)),
                    .init(name: "aspect_ratio", schema: .string(oneOf: ratios)),
                ] + more
        )
    }

    private static func byResolution(_ prices: Double...) -> [SimulatedRoute.Price] {
        zip(["1K", "2K", "4K"], prices).map { .init(amount: $1, dimensions: ["resolution": $0]) }
    }
}
