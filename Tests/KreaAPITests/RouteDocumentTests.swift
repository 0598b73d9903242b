import Foundation
import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import KreaAPI

/// Krea's document of its routes, read.
@Suite struct RouteDocumentTests {
    private func routes(_ paths: String) throws -> [KreaRoute] {
        let document = Data(#"{"openapi": "3.1.0", "paths": {\#(paths)}}"#.utf8)
        return KreaRoute.routes(in: try JSONDecoder().decode(JSONValue.self, from: document))
    }

    private func path(_ name: String, _ schema: String, pricing: String = "null") -> String {
        #""\#(name)": {"post": {"x-krea-pricing": \#(pricing), "requestBody": {"content": {"application/json": {"schema": \#(schema)}}}}}"#
    }

    @Test func `a route has its names, bounds, choices, needs, defaults and prices`() throws {
        let schema = """
            {"type": "object", "required": ["prompt", "width"], "properties": {
            "prompt": {"type": "string", "minLength": 3, "maxLength": 1800}, "width": {"type": "number", "maximum": 4096},
            "guidance_scale_flux": {"type": "number", "minimum": 0, "maximum": 24, "default": 3},
            "image_url": {"anyOf": [{"type": "string", "format": "uri", "maxLength": 1024}, {"type": "null"}]},
            "style_images": {"type": "array", "maxItems": 14, "items": {"type": "object"}},
            "resolution": {"type": "string", "enum": ["1K", "2K"], "default": "1K"}, "thinking_level": {"type": "string"}}}
            """
        let pricing = #"{"price_points": [{"amount": 0.08, "dimensions": {"resolution": "1K"}}, {"amount": -1}, {"amount": 0.1}]}"#
        #expect(
            try routes(path("/generate/image/google/nano-banana-2", schema, pricing: pricing)) == [
                KreaRoute(
                    path: "google/nano-banana-2",
                    fields: [
                        .prompt: FieldRule(name: "prompt", minimum: 3, maximum: 1800, isRequired: true, isSingle: true),
                        .width: FieldRule(name: "width", maximum: 4096, isRequired: true),
                        .guidanceScale: FieldRule(name: "guidance_scale_flux", minimum: 0, maximum: 24, fallback: 3),
                        .imageURLs: FieldRule(name: "image_url", isSingle: true),
                        .styleImages: FieldRule(name: "style_images", maximum: 14),
                        .resolution: FieldRule(name: "resolution", choices: ["1K", "2K"], isSingle: true, fallback: "1K"),
                    ], prices: [.init(usd: 0.08, conditions: ["resolution": "1K"]), .init(usd: 0.1)])
            ])
    }

    @Test func `numbers, names and counts of the document are bounded`() throws {
        let choices = (0..<5000).map { #""\#($0)""# }.joined(separator: ",")
        let long = String(repeating: "x", count: 300)
        let schema =
            #"{"properties": {"prompt": {"maxLength": 1e300}, "width": {"minimum": -1e300, "maximum": 4096, "default": [1]}, "#
            + #""resolution": {"enum": [\#(choices), "\#(long)"], "default": "\#(long)"}}}"#
        let points = #"{"amount": 1e300}, {"amount": 100001}, {"amount": 0.1, "dimensions": {"\#(long)": "1"}}, {"amount": 2}"#
        let found = try routes(path("/generate/image/x/y", schema, pricing: #"{"price_points": [\#(points)]}"#))
        let route = try #require(found.first)
        #expect(route.prices == [.init(usd: 2)])
        #expect(route.fields[.prompt]?.maximum == nil)
        #expect(route.fields[.width] == FieldRule(name: "width", maximum: 4096))
        #expect(route.fields[.resolution]?.choices?.count == 500)
        #expect(route.fields[.resolution]?.fallback == nil)
        #expect(try routes(path("/generate/image/\(long)", schema)).isEmpty)
        let many = (0..<700).map { path("/generate/image/x/\($0)", #"{"properties": {"prompt": {}}}"#) }
        #expect(try routes(many.joined(separator: ",")).count == 500)
    }

    @Test func `a type that may be null is the type`() throws {
        let schema = #"{"properties": {"prompt": {}, "image_url": {"type": ["string", "null"], "format": "uri"}}}"#
        #expect(try routes(path("/generate/image/bfl/flux-1-dev", schema)).first?.fields[.imageURLs]?.isSingle == true)
    }

    @Test func `of an old and a new name the new one counts`() throws {
        let schema = #"{"properties": {"prompt": {}, "aspectRatio": {"type": "string"}, "aspect_ratio": {"type": "string"}}}"#
        #expect(try routes(path("/generate/image/x/y", schema)).first?.fields[.aspectRatio]?.name == "aspect_ratio")
    }

    @Test(arguments: [
        #""/generate/video/x/y": {"post": {}}"#, #""/generate/image/x/y": {"get": {}}"#, #""/generate/image/x/y": 7"#,
        #""/generate/image/x/y": {"post": {"requestBody": {"content": {"application/json": {"schema": {"properties": {"a": {}}}}}}}}"#, "",
    ])
    func `what is no image route, or cannot be read, is left out`(paths: String) throws {
        #expect(try routes(paths).isEmpty)
    }

    @Test(arguments: [false, true])
    func `every dialect of the simulator is read, without the token`(current: Bool) async throws {
        let transport = SimulatedTransport(time: TestTime(), current: current)
        let krea = KreaClientTests.client(transport, token: "x")
        let catalogue = Catalogue(routes: try await krea.routes(), readAt: Timestamp(milliseconds: 1))
        for model in Model.all { #expect(catalogue.route(for: model) != nil, "\(model.name)") }
        #expect(catalogue.route(for: .default)?.path == (current ? "google/nano-banana-2" : "google/nano-banana-flash"))
        #expect(catalogue.route(for: .default)?.makesBatches == !current)
        #expect(catalogue.route(for: .default)?.fields[.aspectRatio]?.name == (current ? "aspect_ratio" : "aspectRatio"))
        #expect(catalogue.route(for: .default)?.price(of: [:]) == (current ? 0.08 : nil))
    }
}
