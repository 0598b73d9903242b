import TestSupport
import Testing
import Web

@testable import Jobs

/// What is sent to a route, and what is said about it.
@Suite struct RouteBodyTests {
    /// Krea's routes of October 2026, as far as the tests need them.
    private static let current = Catalogue(
        routes: [
            KreaRoute(
                path: "bfl/flux-1-dev",
                fields: [
                    .prompt: FieldRule(name: "prompt", maximum: 1800, isRequired: true),
                    .width: FieldRule(name: "width", minimum: 512, maximum: 2368),
                    .height: FieldRule(name: "height", minimum: 512, maximum: 2368),
                    .steps: FieldRule(name: "steps", minimum: 1, maximum: 100, fallback: 25), .seed: FieldRule(name: "seed"),
                    .guidanceScale: FieldRule(name: "guidance_scale_flux", minimum: 0, maximum: 24),
                    .strength: FieldRule(name: "strength", minimum: 0, maximum: 1), .styles: FieldRule(name: "styles"),
                    .imageURLs: FieldRule(name: "image_url", isSingle: true), .styleImages: FieldRule(name: "style_images"),
                ]),
            KreaRoute.builtIn["google/nano-banana-2"]!, KreaRoute.builtIn["bytedance/seedream-4"]!,
        ], readAt: Timestamp(milliseconds: 1))

    private func body(_ members: [String: JSONValue], pictures: Int = 1) throws -> RouteBody {
        let valid = try GenerationRequest.validate(members.merging(["prompt": "a lighthouse"]) { given, _ in given }, by: Self.current)
        return RouteBody(valid.request, to: try #require(Self.current.route(for: valid.request.model)), pictures: pictures)
    }

    private func warnings(_ members: [String: JSONValue]) throws -> [String] {
        try GenerationRequest.validate(members.merging(["prompt": "a lighthouse"]) { given, _ in given }, by: Self.current).warnings.map(
            \.sentence)
    }

    @Test func `members go under the names of the route`() throws {
        let flux: [String: JSONValue] = [
            "model": "flux", "guidanceScale": 4.5, "imageUrls": ["https://example.org/a.png"], "seed": 7, "strength": 0.5,
            "styles": [.object(["id": "abc", "strength": 0.8])],
        ]
        #expect(
            try body(flux).members == [
                "prompt": "a lighthouse", "guidance_scale_flux": 4.5, "image_url": "https://example.org/a.png", "seed": 7, "strength": 0.5,
                "styles": [.object(["id": "abc", "strength": 0.8])], "steps": 28,
            ])
        #expect(
            try body(["aspectRatio": "16:9", "resolution": "2K"]).members == [
                "prompt": "a lighthouse", "aspect_ratio": "16:9", "resolution": "2K",
            ])
    }

    @Test func `what the route does not take is left out with a warning`() throws {
        #expect(try warnings(["seed": 7, "resolution": "2K"]) == ["seed was left out: Nano Banana 2 does not take it."])
        #expect(try body(["seed": 7]).members == ["prompt": "a lighthouse"])
        #expect(try warnings(["steps": 7]) == ["steps was left out: Nano Banana 2 does not take it, only Flux does."])
    }

    @Test func `where one picture is taken, the first is used, with a warning`() throws {
        let two: JSONValue = ["https://example.org/a.png", "https://example.org/b.png"]
        #expect(try body(["model": "flux", "image_urls": two]).members["image_url"] == "https://example.org/a.png")
        #expect(try warnings(["model": "flux", "image_urls": two]) == ["Only the first of 2 image_urls is used."])
    }

    @Test func `what is needed and was not given gets a sensible value`() throws {
        #expect(try body(["model": "seedream"]).members == ["prompt": "a lighthouse", "width": 1024, "height": 1024])
        #expect(try body(["model": "seedream", "width": 2048]).members == ["prompt": "a lighthouse", "width": 2048, "height": 1024])
    }

    @Test(arguments: [
        ("1:1", 1024, 1024), ("16:9", 1360, 768), ("9:16", 768, 1360), ("21:9", 1568, 672), ("4:1", 2048, 512), ("1:8", 512, 2368),
    ])
    func `a ratio becomes a size where only a size is taken`(ratio: String, width: Int, height: Int) throws {
        let body = try body(["model": "flux", "aspect_ratio": .string(ratio)])
        #expect(body.members["width"]?.whole == width)
        #expect(body.members["height"]?.whole == height)
        #expect(body.warnings.map(\.sentence) == ["aspect_ratio \(ratio) became \(width) × \(height) pixels: the model takes only a size."])
    }

    @Test func `a size that was given counts more than the ratio`() throws {
        let body = try body(["model": "flux", "aspect_ratio": "16:9", "width": 600])
        #expect(body.members["width"] == 600)
        #expect(body.members["height"] == nil)
        #expect(body.warnings.isEmpty)
    }

    @Test(
        arguments: [
            (["resolution": "8K"], "resolution \"8K\" must be one of 1K, 2K, 4K."),
            (
                ["aspect_ratio": "7:5"],
                "aspect_ratio \"7:5\" must be one of 4:1, 21:9, 1:1, 4:3, 3:2, 2:3, 5:4, 4:5, 3:4, 16:9, 9:16, 1:4, 1:8."
            ),
            (["width": 0], "width 0 must be a whole number from 1 to 8192."),
            (["seed": -1], "seed -1 must be a whole number from 0 to 4294967295."),
            (["seed": 1.5], "seed 1.5 must be a whole number from 0 to 4294967295."),
            (["model": "flux", "guidance_scale": 25], "guidance_scale 25 must be a number from 0 to 24."),
            (["model": "flux", "strength": "much"], "strength \"much\" must be a number from 0 to 1."),
            (
                ["model": "flux", "styles": [.object(["id": "abc"])]],
                "styles a list of 1 must be a list of at most 10 objects with id and strength, a number from -2 to 2."
            ),
            (
                ["model": "flux", "style_images": [.object(["url": "https://example.org/a.png", "strength": 2.1])]],
                "style_images a list of 1 must be a list of at most 10 objects with url and strength, a number from -2 to 2."
            ),
            (["model": "seedream", "width": 4097], "width 4097 must be a whole number from 1 to 4096."),
            (["prompt": "ab"], "prompt must have at least 3 characters; it has 2."),
            (
                ["model": "flux", "prompt": .string(String(repeating: "x", count: 1801))],
                "prompt must have at most 1800 characters; it has 1801."
            ),
            (["model": "ideogram"], "model Ideogram 3.0 is no longer offered by Krea; choose another."),
        ] as [([String: JSONValue], String)])
    func `a value outside of the route's bounds is refused`(members: [String: JSONValue], sentence: String) throws {
        let error = #expect(throws: InvalidRequest.self) { try warnings(members) }
        #expect(error?.problems.map(\.sentence) == [sentence])
    }

    @Test func `what another route allowed and this one does not is left out with a warning, not refused`() throws {
        let brief = try GenerationRequest.validate(["prompt": "a lighthouse", "aspect_ratio": "7:5", "width": 640]).request
        let body = RouteBody(brief, to: try #require(Self.current.route(for: .default)), pictures: 1)
        #expect(body.members == ["prompt": "a lighthouse", "width": 640])
        #expect(body.warnings.map(\.sentence) == ["aspect_ratio was left out: \"7:5\" is not allowed."])
    }

    @Test func `several pictures are several submissions where Krea makes one a job`() throws {
        let batch = try GenerationRequest.validate(["prompt": "x", "batch_size": 3])
        #expect(batch.submissions == [Submission(pictures: 3)])
        #expect(RouteBody(batch.request, to: try #require(Catalogue.builtIn.route(for: .default)), pictures: 3).members["batchSize"] == 3)
        let single = try GenerationRequest.validate(["prompt": "a lighthouse", "batch_size": 3], by: Self.current)
        #expect(single.submissions == [Submission(), Submission(), Submission()])
        #expect(single.request.batchSize == 3)
        #expect(try body(["batch_size": 3]).members == ["prompt": "a lighthouse"])
    }

    @Test func `a submission for several becomes several when its route makes one a job by now`() throws {
        let now = Timestamp(milliseconds: 5)
        var job = try Job.sample(members: ["batch_size": 3], at: now)
        let permission = try job.claimForSubmit(1, at: now, by: 1, catalogue: Self.current)
        #expect(permission == .granted(body: ["prompt": .string(job.request.prompt)]))
        #expect(job.submissions.map(\.state) == [.submitting, .waiting, .waiting])
        #expect(job.submissions.map(\.pictures) == [1, 1, 1])
        #expect(job[1].route == "google/nano-banana-2")
    }

    @Test func `without a route a submission fails before anything is sent`() throws {
        let now = Timestamp(milliseconds: 5)
        var job = try Job.sample(members: ["model": "ideogram"], at: now)
        #expect(try job.claimForSubmit(1, at: now, by: 1, catalogue: Self.current) == .ended)
        #expect(job.state == .failed)
        #expect(job.failure?.code == .modelUnavailable)
    }

    @Test func `a submission whose route is gone waits for the next, and fails when there is none`() throws {
        let now = Timestamp(milliseconds: 5)
        var catalogue = Catalogue.builtIn
        var job = try Job.sample(members: ["model": "seedream"], at: now)
        for (path, state) in [
            ("bytedance/seedream-3", JobState.waiting), ("bytedance/seedream-4", .waiting), ("bytedance/seedream-5-lite", .failed),
        ] {
            let route = try #require(catalogue.route(at: path))
            let body = RouteBody(job.request, to: route, pictures: 1)
            #expect(try job.claimForSubmit(1, at: now, by: 1, catalogue: catalogue) == .granted(body: body.members))
            #expect(job[1].route == path)
            try job.recordSubmit(.gone(words: "gone"), of: 1, at: now, rules: PaceRules(), catalogue: &catalogue)
            #expect(job.state == state)
        }
        #expect(job.failure == JobFailure(.modelUnavailable, detail: "gone"))
        #expect(job.usedModels == "Seedream 5 Lite")
    }
}
