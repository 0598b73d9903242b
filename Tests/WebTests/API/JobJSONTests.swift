import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// The JSON of jobs.
@Suite struct JobJSONTests {
    @Test func `of many wrong members twenty are named, and what is allowed is said once; the answer is short`() throws {
        let members = (0..<1500).map { "\"member\($0)\": 1" }.joined(separator: ", ")
        let answer = try WebFixture().postJSON("{\"prompt\": \"a\", \(members)}")
        #expect(answer.status == 422)
        let details = try #require(answer.json["details"]?.elements).compactMap { $0.members?["message"]?.text }
        #expect(details.count == 20)
        #expect(answer.json["other_details"] == 1480)
        #expect(details.count { $0.contains("allowed are") } == 1 && details[0].contains("allowed are"))
        #expect(answer.text.utf8.count < 4000)
    }

    @Test(arguments: ["[", "{\"a\": [", "{"])
    func `a body of very many values is refused before it is decoded`(opening: String) throws {
        let elements = (0..<4001).map { opening == "{" ? "\"a\($0)\": 1" : "1" }
        let answer = try WebFixture().postJSON(opening + elements.joined(separator: ","))
        #expect(answer.status == 400)
        #expect(answer.json["error"] == "The body has more than 4000 values.")
    }

    @Test func `a job that is posted is answered at once, with where it will be`() throws {
        let fixture = WebFixture()
        let answer = try fixture.postJSON(
            #"{"prompt": "a lighthouse at dusk", "model": "flux-dev", "aspectRatio": "16:9", "batch_size": 3}"#)
        let id = try #require(try fixture.jobs.first?.id)
        #expect(answer.status == 202)
        #expect(answer["Content-Type"] == "application/json")
        #expect(answer["Location"] == "/api/jobs/\(id)")
        #expect(answer["Cache-Control"] == "no-store")
        #expect(answer["Retry-After"] == "1")
        #expect(
            answer.json == [
                "job_id": .string(id.description), "status": "backlogged", "created_at": "2026-03-01T12:00:00.000Z",
                "completed_at": .null, "result": .null, "error": .null, "state": "waiting", "cancel_requested": .bool(false),
                "model": "Flux", "requested_model": "Flux", "prompt": "a lighthouse at dusk",
                "parts": [
                    .object(["state": "waiting", "failed_attempts": 0, "route": .null, "krea_status": .null, "urls": [], "error": .null])
                ],
                "failed_attempts": 0,
                "request": .object(["aspect_ratio": "16:9", "batch_size": 3, "steps": 28]),
                "message": "Next in the queue; starts at 12:00:00 UTC.",
                "warnings": ["More than 2 pictures or 4K: the queue is longer."],
                "starts_at": "2026-03-01T12:00:00.000Z", "expected_at": "2026-03-01T12:01:30.000Z", "position": 0, "webhook": .null,
            ])
        #expect(try fixture.get("/api/jobs/\(id)").json == answer.json)
    }

    @Test(arguments: [
        "", "{", "[]", "\"x\"", "7", "null", "{\"prompt\": }", "prompt=x", "[[[", "{\"prompt\": \"\u{1}\"}", "{\"width\": 1e999}",
        "\0{\0}", "{\"prompt\": \"\0\"}", "{\"prompt\": \"x\",}", "{\"prompt\": \"x\", \"image_urls\": [\"https://e.org\",]}",
        "{\"prompt\": \"x\", \"prompt\": \"x\"}", "{\"prompt\": \"\\ud800\"}", "{\"prompt\": \"x\"} {}",
    ])
    func `a body that is no JSON object is 400`(body: String) throws {
        let answer = try WebFixture().postJSON(body)
        #expect(answer.status == 400)
        #expect(answer.json["code"] == "bad_request")
        #expect(answer.json["error"]?.text?.isEmpty == false)
    }

    @Test(arguments: [
        (#"{"prompt": "x", "width": 600, "width": 700}"#, ["width"], "width is given twice."),
        (
            #"{"prompt": "x", "styles": [{"id": "a", "strength": 1, "id": "b"}]}"#, ["styles", "0", "id"],
            "styles[0].id is given twice."
        ),
        (#"{"prompt": "x", "width": 1e400}"#, ["width"], "width is a number out of range."),
        (
            #"{"prompt": "x", "style_images": [{"url": "https://e.org", "strength": -1e400}]}"#, ["style_images", "0", "strength"],
            "style_images[0].strength is a number out of range."
        ),
    ])
    func `a member that is given twice and a number beyond all numbers are named, wherever they are`(
        body: String, path: [String], sentence: String
    ) throws {
        let answer = try WebFixture().postJSON(body)
        #expect(answer.status == 400)
        let detail: JSONValue = ["path": .array(path.map(JSONValue.string)), "message": .string(sentence)]
        #expect(answer.json == ["error": .string(sentence), "code": "bad_request", "details": [detail]])
    }

    @Test(arguments: ["prom\u{440}t", "prompt\u{301}", "prompt\u{200B}"])
    func `a name that only looks like a member's is none`(name: String) throws {
        let answer = try WebFixture().postJSON("{\"prompt\": \"x\", \"\(name)\": \"y\"}")
        #expect(answer.status == 422)
        #expect(answer.json["error"]?.text?.contains("is not a member of a request") == true)
    }

    @Test(arguments: [("gzip", "gzip"), ("GZIP", "GZIP"), ("identity, br", "br"), ("x, gzip", "x")])
    func `a body that is compressed is 415 with the coding's name, and the answer says that none is taken`(field: String, name: String)
        throws
    {
        for (path, type) in [("/api/jobs", "application/json"), ("/", "application/x-www-form-urlencoded")] {
            let answer = try WebFixture().send(.post, path, [.contentType: type, .contentEncoding: field], "\u{1F}\u{8B}")
            #expect(answer.status == 415, "\(path)")
            #expect(answer["Accept-Encoding"] == "identity", "\(path)")
            guard path != "/" else { continue }
            #expect(answer.json["error"] == .string("The body must have no Content-Encoding; \"\(name)\" is not supported."))
        }
        #expect(try WebFixture().postJSON(#"{"prompt": "x"}"#, [.contentEncoding: "Identity"]).status == 202)
        #expect(try WebFixture().postJSON(#"{"prompt": "x"}"#, [.contentEncoding: ""]).status == 202)
    }

    @Test(arguments: [(7, 422), (8, 400), (100_000, 400)])
    func `a body is read to eight levels, and brackets in strings are none`(depth: Int, status: Int) throws {
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let answer = try WebFixture().postJSON(#"{"width": \#(nested)}"#)
        #expect(answer.status == status)
        #expect((answer.json["error"] == "The body is nested deeper than 8 levels.") == (status == 400))
        #expect(try WebFixture().postJSON(#"{"prompt": "\\\"\#(nested.prefix(9000))"}"#).status == 202)
        #expect(try WebFixture().postJSON(#"{"a": "\\", "b": \#(nested)}"#).status == status)
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
    func `a body of another media type is 415`(type: String) throws {
        let answer = try WebFixture().postJSON(#"{"prompt": "x"}"#, [.contentType: type])
        #expect(answer.status == 415)
        #expect(answer.json["error"] == "The body must have the Content-Type application/json.")
    }

    @Test func `every wrong member is named with its value and what is allowed`() throws {
        let fixture = WebFixture()
        let answer = try fixture.postJSON(#"{"prompt": "x", "width": 100, "batchSize": "two", "colour": "red"}"#)
        #expect(answer.status == 422)
        let allowed =
            "model, prompt, width, height, batch_size, aspect_ratio, image_urls, steps, resolution, seed, guidance_scale, strength, styles, "
            + "style_images, image_style_references, character_reference_images"
        #expect(
            answer.json == [
                "error": "width 100 must be a whole number from 512 to 2368.", "code": "invalid_request",
                "details": [
                    .object(["path": ["width"], "message": "width 100 must be a whole number from 512 to 2368."]),
                    .object(["path": ["batchSize"], "message": "batchSize \"two\" must be a whole number from 1 to 4."]),
                    .object(["path": ["colour"], "message": .string("colour is not a member of a request; allowed are \(allowed).")]),
                ],
            ])
        #expect(try fixture.jobs.isEmpty)
    }

    @Test func `an error without members has no details`() throws {
        #expect(
            try WebFixture().get("/api/jobs/17").json == ["error": "There is no job with this ID.", "code": "unknown_job"])
    }

    @Test func `without a token for Krea a job is 503 and is not kept`() throws {
        let fixture = WebFixture(settings: .init(hasToken: false))
        let answer = try fixture.postJSON(#"{"prompt": "x"}"#)
        #expect(answer.status == 503)
        #expect(answer.json == ["error": "Krea API token not configured — set KREA_API_TOKEN env.", "code": "token_missing"])
        #expect(try fixture.jobs.isEmpty)
    }

    @Test func `two equal posts are two jobs`() throws {
        let fixture = WebFixture()
        for _ in 1...2 { #expect(try fixture.postJSON(#"{"prompt": "x"}"#).status == 202) }
        #expect(try fixture.jobs.count == 2)
    }

    @Test func `a member that the model does not take is left out with a warning`() throws {
        let answer = try WebFixture().postJSON(#"{"prompt": "x", "steps": 30}"#)
        #expect(answer.status == 202)
        #expect(answer.json["warnings"] == ["steps was left out: Nano Banana 2 does not take it, only Flux does."])
    }

    @Test func `the models are listed with their limits, the default first`() throws {
        let items = try #require(try WebFixture().get("/api/models").json["items"]?.elements?.map { $0.members ?? [:] })
        #expect(items.map { $0["id"]?.text } == Model.all.map(\.id))
        #expect(items.map { $0["default"] } == Model.all.map { .bool($0 == .default) })
        #expect(items[0]["steps"] == .null)
        let side = JSONValue.object(["min": 512, "max": 2368, "required": .bool(false)])
        let free = JSONValue.object(["required": .bool(false)])
        #expect(
            items[1] == [
                "id": "flux", "name": "Flux", "default": .bool(false), "aliases": ["fluxdev", "bfl"], "route": "bfl/flux-1-dev",
                "used_model": "Flux", "makes_batches": .bool(true), "prices": [],
                "best_for": "detailed photo and style, LoRAs, custom ratios; steps 20–40",
                "typical_seconds": .object(["min": 30, "max": 90]), "steps": 28,
                "members": .object([
                    "prompt": .object(["min": 1, "required": .bool(true)]), "width": side, "height": side, "aspect_ratio": free,
                    "image_urls": free, "batch_size": .object(["min": 1, "max": 4, "required": .bool(false)]),
                    "steps": .object(["min": 1, "max": 100, "required": .bool(false)]),
                ]),
            ])
    }
}
