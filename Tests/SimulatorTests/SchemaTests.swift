import HTTPTypes
import Testing

@testable import krea_simulator

/// The bodies of submissions.
@Suite struct SchemaTests {
    static let flux = "bfl/flux-1-dev"
    static let nano2 = "google/nano-banana-2"

    struct Case: Sendable, CustomTestStringConvertible {
        var dialect: Dialect
        var model: String
        var body: JSON
        /// The path of the fault that is expected; nil where the body is taken.
        var fault: [JSON]?

        var testDescription: String { "\(dialect) \(model) \(String(decoding: body.bytes, as: UTF8.self).prefix(80))" }
    }

    static let taken: [Case] = [
        Case(dialect: .spring, model: "google/nano-banana-flash", body: ["prompt": "cat"]),
        Case(dialect: .spring, model: "google/nano-banana-flash", body: ["prompt": "cat", "batchSize": 4, "aspectRatio": "16:9"]),
        Case(dialect: .spring, model: "google/nano-banana", body: ["prompt": "c", "width": 512, "height": 2368]),
        Case(dialect: .spring, model: "google/nano-banana-pro", body: ["prompt": "cat", "imageUrls": ["https://a.example/b.png"]]),
        Case(dialect: .spring, model: "google/imagen-4-fast", body: ["prompt": "cat"]),
        Case(dialect: .spring, model: "bytedance/seedream-3", body: ["prompt": "cat"]),
        Case(dialect: .spring, model: "ideogram/ideogram-3", body: ["prompt": "cat"]),
        Case(dialect: .spring, model: flux, body: ["prompt": "cat", "steps": 28, "imageUrl": .null]),
        Case(dialect: .current, model: flux, body: ["prompt": "cat", "steps": 100, "styles": [["id": "a", "strength": -2, "more": 1]]]),
        Case(dialect: .current, model: nano2, body: ["prompt": "cat", "aspect_ratio": "1:8", "resolution": "4K", "width": 1]),
        Case(dialect: .current, model: "google/nano-banana-pro", body: ["prompt": "cat", "image_urls": ["data:image/png;base64,AAAA"]]),
        Case(dialect: .current, model: "google/nano-banana", body: ["prompt": "c"]),
        Case(dialect: .current, model: "ideogram/ideogram-3", body: ["prompt": "c", "width": 8192]),
        Case(dialect: .current, model: "bytedance/seedream-4", body: ["prompt": "c", "width": 1, "height": 4096]),
    ]

    static let refused: [Case] = [
        Case(dialect: .spring, model: flux, body: ["width": 512], fault: ["prompt"]),
        Case(dialect: .spring, model: flux, body: ["prompt": 7], fault: ["prompt"]),
        Case(dialect: .spring, model: flux, body: ["prompt": ""], fault: ["prompt"]),
        Case(dialect: .spring, model: flux, body: ["prompt": "c", "width": 511], fault: ["width"]),
        Case(dialect: .spring, model: flux, body: ["prompt": "c", "height": 2369], fault: ["height"]),
        Case(dialect: .spring, model: flux, body: ["prompt": "c", "batchSize": 5], fault: ["batchSize"]),
        Case(dialect: .spring, model: flux, body: ["prompt": "c", "batchSize": 1.5], fault: ["batchSize"]),
        Case(dialect: .spring, model: flux, body: ["prompt": "c", "aspectRatio": "wide"], fault: ["aspectRatio"]),
        Case(dialect: .spring, model: flux, body: ["prompt": "c", "imageUrls": ["https://a.b", "nowhere"]], fault: ["imageUrls", 1]),
        Case(dialect: .spring, model: flux, body: ["prompt": "c", "aspect_ratio": "1:1"], fault: []),
        Case(dialect: .spring, model: "google/nano-banana", body: ["prompt": "c", "steps": 28], fault: []),
        Case(dialect: .current, model: flux, body: ["prompt": .string(String(repeating: "c", count: 1801))], fault: ["prompt"]),
        Case(dialect: .current, model: flux, body: ["prompt": "c", "steps": 101], fault: ["steps"]),
        Case(dialect: .current, model: flux, body: ["prompt": "c", "steps": 2.5], fault: ["steps"]),
        Case(dialect: .current, model: flux, body: ["prompt": "c", "image_urls": []], fault: []),
        Case(dialect: .current, model: flux, body: ["prompt": "c", "styles": [["id": "a"]]], fault: ["styles", 0, "strength"]),
        Case(dialect: .current, model: nano2, body: ["prompt": "cc"], fault: ["prompt"]),
        Case(dialect: .current, model: nano2, body: ["prompt": "cat", "batchSize": 1], fault: []),
        Case(dialect: .current, model: nano2, body: ["prompt": "cat", "resolution": "8K"], fault: ["resolution"]),
        Case(dialect: .current, model: "google/nano-banana-pro", body: ["prompt": "cat", "aspect_ratio": "1:8"], fault: ["aspect_ratio"]),
        Case(dialect: .current, model: "google/nano-banana", body: ["prompt": "cat", "resolution": "1K"], fault: []),
        Case(dialect: .current, model: "bytedance/seedream-4", body: ["prompt": "c", "width": 1024], fault: ["height"]),
        Case(dialect: .current, model: "bytedance/seedream-4", body: ["prompt": "c", "width": 4097, "height": 1], fault: ["width"]),
        Case(dialect: .current, model: "ideogram/ideogram-3", body: ["prompt": "c", "aspect_ratio": "1:1"], fault: []),
        Case(
            dialect: .current, model: nano2,
            body: ["prompt": "cat", "image_urls": [.string("https://a.example/" + String(repeating: "b", count: 1024))]],
            fault: ["image_urls", 0]
        ),
    ]

    @Test(arguments: taken)
    func `a body that fits its route is answered with 200 and a job`(_ example: Case) {
        let account = Account { $0.dialect = example.dialect }
        let reaction = account.submit(example.body, to: example.model)
        #expect(reaction.code == 200)
        #expect(reaction.jobID != nil)
    }

    @Test(arguments: refused)
    func `a body that breaks its schema is refused with the path of the fault`(_ example: Case) throws {
        let account = Account { $0.dialect = example.dialect }
        let reaction = account.submit(example.body, to: example.model)
        #expect(reaction.code == 422)
        #expect(reaction.jobID == nil)
        guard case .array(let details) = reaction.json?["details"] else {
            Issue.record("no details in \(reaction.text)")
            return
        }
        let fault = try #require(example.fault)
        #expect(details.map { $0["path"] } == [.array(fault)])
    }

    @Test func `an unknown member is named in the refusal`() {
        let account = Account()
        let reaction = account.submit(["prompt": "c", "steps": 3, "quality": 1])
        #expect(reaction.text.contains(#"Unrecognized keys: \"quality\", \"steps\""#))
    }

    @Test func `the schema's status is 400 where it is set so`() {
        let account = Account { $0.schemaStatus = 400 }
        #expect(account.submit(["prompt": 1]).code == 400)
    }

    @Test func `a body that is no JSON, or not said to be, is answered with 400`() {
        let account = Account()
        let path = "/generate/image/bfl/flux-1-dev"
        #expect(account.request(.post, path, body: Array("{\"prompt\"".utf8)).code == 400)
        #expect(account.request(.post, path, body: []).code == 400)
    }

    @Test(arguments: Dialect.allCases)
    func `the OpenAPI document describes each route of the dialect, closed and with its required members`(_ dialect: Dialect) {
        let account = Account { $0.dialect = dialect }
        account.token = "nobody"
        let document = account.request(.get, "/openapi.json").json
        #expect(document?["openapi"] == "3.1.0")
        for route in dialect.routes {
            let post = document?["paths"]?[route.path]?["post"]
            let schema = post?["requestBody"]?["content"]?["application/json"]?["schema"]
            #expect(schema?["additionalProperties"] == false)
            #expect(schema?["required"] == .array(route.request.properties.filter(\.required).map { .string($0.name) }))
            for property in route.request.properties { #expect(schema?["properties"]?[property.name] != nil) }
            #expect((post?["x-krea-pricing"] == nil) == route.prices.isEmpty)
        }
    }

    @Test func `the OpenAPI document gives bounds, enumerations and defaults`() {
        let account = Account { $0.dialect = .current }
        let paths = account.request(.get, "/openapi.json").json?["paths"]
        func property(_ model: String, _ name: String) -> JSON? {
            paths?["/generate/image/" + model]?["post"]?["requestBody"]?["content"]?["application/json"]?["schema"]?["properties"]?[name]
        }
        #expect(property(Self.flux, "width") == ["type": "number", "minimum": 512, "maximum": 2368, "default": 1024])
        #expect(property(Self.nano2, "resolution") == ["type": "string", "enum": ["1K", "2K", "4K"], "default": "1K"])
        #expect(property(Self.flux, "image_url")?["anyOf"] == [["type": "string", "format": "uri", "maxLength": 1024], ["type": "null"]])
    }
}
