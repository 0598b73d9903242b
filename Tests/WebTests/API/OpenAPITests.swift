import FoundationEssentials
import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// The description of the API.
@Suite struct OpenAPITests {
    private let fixture = WebFixture()

    private func document() throws -> [String: JSONValue] {
        let answer = try fixture.get("/api/openapi.json")
        #expect(answer.status == 200)
        return answer.json
    }

    /// Every operation: its path, its method, and what is said about it.
    private func operations() throws -> [(path: String, method: HTTPRequest.Method, operation: [String: JSONValue])] {
        try document()["paths"]?.members?.flatMap { path, item in
            (item.members ?? [:]).compactMap { name, operation in
                guard name != "servers", let method = HTTPRequest.Method(rawValue: name.uppercased()) else { return nil }
                return (path == "/health" ? path : "/api\(path)", method, operation.members ?? [:])
            }
        } ?? []
    }

    @Test func `it is OpenAPI 3.1, may be kept for a while and is recognised again`() throws {
        let answer = try fixture.get("/api/openapi.json")
        #expect(answer.json["openapi"] == "3.1.0")
        #expect(answer["Content-Type"] == "application/json")
        #expect(answer["Cache-Control"] == "max-age=300")
        let tag = try #require(answer["ETag"])
        #expect(try fixture.get("/api/openapi.json", [.ifNoneMatch: tag]).status == 304)
        #expect(try fixture.send(.head, "/api/openapi.json").status == 200)
        #expect(try fixture.send(.post, "/api/openapi.json")["Allow"] == "GET, HEAD")
    }

    @Test func `its addresses begin where the service is mounted`() throws {
        let answer = try fixture.get("/a%20b/api/openapi.json", mount: "/a b")
        #expect(answer.json["servers"] == [["url": "/a%20b/api"]])
        #expect(answer.json["paths"]?.members?["/health"]?.members?["servers"] == [["url": "/a%20b/"]])
        #expect(try document()["servers"] == [["url": "/api"]])
    }

    @Test func `every example of a request is accepted, with a status that is documented`() throws {
        var tried = 0
        for (path, method, operation) in try operations() {
            let media = operation["requestBody"]?.members?["content"]?.members?["application/json"]?.members
            for (name, example) in media?["examples"]?.members ?? [:] {
                let body = String(decoding: JSONWriter.bytes(of: example.members?["value"]), as: UTF8.self)
                let answer = try fixture.send(method, path, [.contentType: "application/json", .idempotencyKey: "k\(tried)"], body)
                #expect([200, 202].contains(answer.status), "\(path) \(name): \(answer.text)")
                #expect(operation["responses"]?.members?[String(answer.status)] != nil, "\(path) \(answer.status)")
                #expect(answer.json["warnings"] == .array([]), "\(path) \(name)")
                tried += 1
            }
        }
        #expect(tried == 15)
    }

    @Test func `it has exactly the methods that each place has`() throws {
        var documented: [String: Set<HTTPRequest.Method>] = [:]
        for (path, method, _) in try operations() { documented[path, default: []].insert(method) }
        for (path, methods) in documented {
            #expect(methods == Set(Route(path[...]).rules.methods).subtracting([.head]), "\(path)")
        }
        for path in [
            "/api/jobs", "/api/jobs/{id}", "/api/jobs/{id}/resume", "/api/models", "/api/openapi.json", "/api/webhooks/krea/{key}",
            "/health",
        ] {
            #expect(documented[path] != nil, "\(path)")
        }
        for route in Model.all.flatMap(\.routes).map(\.path) { #expect(documented["/api/generate/image/\(route)"] == [.post], "\(route)") }
    }

    @Test func `it has exactly the members that a request may have, by all their names`() throws {
        let catalogue = try fixture.store.catalogue()
        let schemas = try document()["components"]?.members?["schemas"]?.members
        func names(_ schema: String) throws -> Set<String> {
            try Set(#require(schemas?[schema]?.members?["properties"]?.members).keys)
        }
        func named(_ fields: some Sequence<RequestField>) -> Set<String> { Set(fields.flatMap(\.names) + ["webhook_url"]) }
        #expect(try names("JobRequest") == named(RequestField.allCases).union(["model"]))
        for model in Model.all {
            let fields = try #require(catalogue.route(for: model)).fields.keys.filter(model.takes) + [.batchSize, .aspectRatio]
            #expect(try names("JobRequest-\(model.id)") == named(fields), "\(model.name)")
        }
    }

    @Test(arguments: [false, true])
    func `it says what needs a key, as it is`(keysMatter: Bool) throws {
        let owner: KeyOwner = { _ in nil }
        let fixture = WebFixture(keyOwner: keysMatter ? owner : nil)
        for (path, item) in try #require(try fixture.get("/api/openapi.json").json["paths"]?.members) {
            for (name, operation) in item.members ?? [:] where name != "servers" {
                let method = try #require(HTTPRequest.Method(rawValue: name.uppercased()))
                let id = operation.members?["operationId"]?.text ?? ""
                let needsKey = ["createJob", "listJobs", "cancelJob", "resumeJob"].contains(id) || id.hasPrefix("generate-")
                #expect(Route((path == "/health" ? path : "/api\(path)")[...]).rules.needsKey(for: method) == needsKey)
                let expected: JSONValue = needsKey ? (keysMatter ? [["key": []]] : [[:], ["key": []]]) : []
                #expect(operation.members?["security"] == expected, "\(name) \(path)")
            }
        }
    }

    @Test func `each answer of the service has the request's ID, those that the web server gives by itself have not`() throws {
        let shared = try #require(try document()["components"]?.members?["responses"]?.members)
        var tried = 0
        for (path, method, operation) in try operations() {
            for (status, answer) in operation["responses"]?.members ?? [:] {
                let name = answer.members?["$ref"]?.text?.split(separator: "/").last.map(String.init)
                let headers = (name.flatMap { shared[$0] } ?? answer).members?["headers"]?.members
                let isOurs = !["413", "502", "504"].contains(status)
                #expect((headers?["X-Request-ID"] != nil) == isOurs, "\(method) \(path) \(status)")
                tried += 1
            }
        }
        #expect(tried > 100)
    }
}
