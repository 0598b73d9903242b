import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Krea's own routes.
@Suite struct KreaRouteTests {
    private let fixture = WebFixture()

    private func post(_ body: String, to route: String = "bfl/flux-1-dev", _ fields: HTTPFields = [:]) throws -> Answer {
        try fixture.postJSON(body, to: "/api/generate/image/\(route)", fields)
    }

    @Test(arguments: [
        ("google/nano-banana-flash", "Nano Banana 2"), ("google/nano-banana-2", "Nano Banana 2"), ("bfl/flux-1-dev", "Flux"),
        ("google/imagen-4-fast", "Imagen 4 Fast"), ("google/nano-banana-flash-lite", "Imagen 4 Fast"),
        ("bytedance/seedream-3", "Seedream 3"), ("bytedance/seedream-4", "Seedream 3"), ("ideogram/ideogram-3", "Ideogram 3.0"),
        ("google/nano-banana-pro", "Nano Banana Pro"), ("google/nano-banana", "Nano Banana"),
    ])
    func `a route makes a job of its model, whose old names and new names are the same`(route: String, name: String) throws {
        let answer = try post(#"{"prompt": "x", "image_urls": ["https://e.org/1.png"], "aspectRatio": "4:3", "width": 1024}"#, to: route)
        #expect(answer.status == 200)
        #expect(answer.json["model"] == .string(name))
        let job = try #require(try fixture.jobs.first)
        #expect(job.request.model.name == name)
        #expect(job.request.aspectRatio == "4:3")
        #expect(job.request.imageURLs == ["https://e.org/1.png"])
    }

    @Test func `the answer has Krea's five members and ours, and says where the job is`() throws {
        let answer = try fixture.postJSON(#"{"prompt": "x"}"#, to: "/krea/api/generate/image/bfl/flux-1-dev", mount: "/krea")
        let id = try #require(answer.json["job_id"]?.text)
        #expect(answer.json["status"] == "backlogged")
        #expect(answer.json["created_at"] == .string(fixture.time.now.iso8601))
        #expect(answer.json["completed_at"] == .null)
        #expect(answer.json["result"] == .null)
        #expect(answer["Location"] == "/krea/api/jobs/\(id)")
        #expect(answer["Retry-After"] != nil)
        #expect(try fixture.get("/api/jobs/\(id)").json == answer.json)
    }

    @Test func `a body may name the model that the address names, and no other`() throws {
        #expect(try post(#"{"prompt": "x", "model": "flux-dev"}"#).status == 200)
        #expect(try post(#"{"prompt": "x", "model": null}"#).status == 200)
        for (named, sentence) in [
            (#""pro""#, "model \"pro\" is not the model of this address, which is Flux."),
            (#""veo-3""#, "model \"veo-3\" is unknown; allowed are \(Model.all.map(\.name).joined(separator: ", "))."),
        ] {
            let answer = try post("{\"prompt\": \"x\", \"model\": \(named)}")
            #expect(answer.status == 422)
            #expect(answer.json["error"] == .string(sentence))
        }
        #expect(try fixture.jobs.count == 2)
    }

    @Test func `bad input is told as everywhere, and makes no job`() throws {
        let unknown = try post(#"{"prompt": "x", "colour": 1}"#)
        #expect(unknown.status == 422)
        #expect(unknown.json["details"]?.elements?.first?.members?["path"] == ["colour"])
        #expect(try post(#"{"prompt": "x", "width": 511}"#).status == 422)
        #expect(try post("{").status == 400)
        #expect(try post(#"{"prompt": "x"}"#, [.contentType: "text/plain"]).status == 415)
        #expect(try post(#"{"prompt": "x"}"#, [.secFetchSite: "cross-site"]).status == 403)
        #expect(try fixture.jobs.isEmpty)
    }

    @Test(arguments: [HTTPRequest.Method.get, .post])
    func `a route of no model of ours is 404 with those that there are, whatever is sent`(method: HTTPRequest.Method) throws {
        let answer = try fixture.send(method, "/api/generate/image/openai/gpt-image", [.contentType: "application/json"], "{}")
        #expect(answer.status == 404)
        #expect(answer.json["code"] == "unknown_model")
        #expect(
            answer.json["error"]?.text?.hasPrefix("There is no model at image/openai/gpt-image; there are google/nano-banana-flash, ")
                == true)
    }

    @Test(arguments: [
        ("generate/video/google/veo-3", "video"), ("generate/enhance/topaz/x", "enhance"), ("enhance", "enhance"), ("styles", "styles"),
        ("styles/train", "styles"), ("assets/1", "assets"), ("node-apps/1/execute", "node-apps"),
    ])
    func `what Krea has besides images is 404 in words`(path: String, kind: String) throws {
        let answer = try fixture.postJSON("{}", to: "/api/\(path)")
        #expect(answer.status == 404)
        #expect(answer.json["error"] == .string("Only images are made here; “\(kind)” is not offered."))
    }

    @Test func `the methods and their header are those of a place that takes jobs`() throws {
        let answer = try fixture.get("/api/generate/image/bfl/flux-1-dev")
        #expect(answer.status == 405)
        #expect(answer["Allow"] == "POST")
        for path in ["/api/generate/image", "/api/generate/image/bfl", "/api/generate/image/bfl/flux-1-dev/x"] {
            #expect(try fixture.postJSON("{}", to: path).json["code"] == "not_found")
        }
    }

    @Test func `a request that is sent again with its key brings the same job, by whichever route it came`() throws {
        let first = try post(#"{"prompt": "x"}"#, [.idempotencyKey: "a"])
        #expect(try post(#"{"prompt": "x"}"#, [.idempotencyKey: "a"]).json == first.json)
        #expect(try fixture.postJSON(#"{"prompt": "x", "model": "flux"}"#, [.idempotencyKey: "a"]).json == first.json)
        #expect(try post(#"{"prompt": "y"}"#, [.idempotencyKey: "a"]).status == 422)
        #expect(try fixture.jobs.count == 1)
    }

    @Test func `without a token for Krea nothing is taken`() throws {
        let fixture = WebFixture(settings: .init(hasToken: false))
        #expect(try fixture.postJSON(#"{"prompt": "x"}"#, to: "/api/generate/image/bfl/flux-1-dev").status == 503)
    }
}
