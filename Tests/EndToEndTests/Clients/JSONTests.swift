import Foundation
import Jobs
import TestSupport
import Testing

@testable import krea_simulator

/// A program that speaks JSON, through nginx.
@Suite(.timeLimit(.minutes(5))) struct JSONTests {
    @Test(arguments: Dialect.allCases)
    func `a job gets 202 and its ID at once, and its URLs later`(dialect: Dialect) async throws {
        let stack = try await Stack(dialect)
        let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse", "batchSize": 3}"#)
        #expect(accepted.status == 202)
        let id = try #require(try accepted.json["job_id"]?.text)
        #expect(accepted["Location"] == "/krea/api/jobs/\(id)")
        #expect(try accepted.json["warnings"] == ["More than 2 pictures or 4K: the queue is longer."])

        let job = try await stack.finished(id)
        #expect(job["status"] == "completed")
        #expect(job["state"] == "completed")
        #expect(job["message"] == "Generated with Nano Banana 2: a lighthouse")
        #expect(job["result"]?["urls"]?.elements?.count == 3)
        #expect(job["error"] == .null)
    }

    struct Row: CustomTestStringConvertible {
        let method: String
        let path: String
        var type: String? = "application/json"
        var body: String?
        let status: Int
        var code: String?
        var testDescription: String { "\(method) \(path) \(body ?? "")" }
    }

    private static let rows = [
        Row(method: "POST", path: "/api/jobs", body: "{", status: 400),
        Row(method: "POST", path: "/api/jobs", body: "[]", status: 400),
        Row(method: "POST", path: "/api/jobs", body: "{}", status: 422),
        Row(method: "POST", path: "/api/jobs", body: #"{"prompt":"x","colour":1}"#, status: 422),
        Row(method: "POST", path: "/api/jobs", body: #"{"prompt":"x","width":511}"#, status: 422),
        Row(method: "POST", path: "/api/jobs", body: #"{"prompt":"x","model":"veo-3"}"#, status: 422),
        Row(method: "POST", path: "/api/jobs", type: "text/plain", body: #"{"prompt":"x"}"#, status: 415),
        Row(method: "POST", path: "/api/jobs", type: nil, body: #"{"prompt":"x"}"#, status: 415),
        Row(method: "PUT", path: "/api/jobs", body: "{}", status: 405),
        Row(method: "POST", path: "/api/models", body: "{}", status: 405),
        Row(method: "GET", path: "/api/jobs/00000000-0000-4000-8000-000000000000", status: 404),
        Row(method: "GET", path: "/api/nothing", status: 404),
        Row(method: "POST", path: "/api/generate/video/google/veo-3", body: "{}", status: 404, code: "images_only"),
        Row(method: "GET", path: "/api/jobs?limit=0", status: 422),
        Row(method: "GET", path: "/api/models", status: 200),
        Row(method: "GET", path: "/health", status: 200),
    ]

    @Test func `bad input gets the right status, one sentence and a code`() async throws {
        let stack = try await Stack()
        for row in Self.rows {
            let answer = try await HTTPTestClient.request(
                row.method, stack.base + row.path, row.type.map { [("Content-Type", $0)] } ?? [], body: row.body)
            #expect(answer.status == row.status, "\(row.testDescription)")
            if row.status == 405 { #expect(answer["Allow"] != nil, "\(row.testDescription)") }
            guard row.status >= 400 else { continue }
            let json = try answer.json
            #expect(json["error"]?.text?.hasSuffix(".") == true, "\(row.testDescription): \(answer.body)")
            #expect(json["code"]?.text?.isEmpty == false)
            if let code = row.code { #expect(json["code"]?.text == code) }
        }
        #expect(try stack.kreaCalls().allSatisfy { $0.path == "/openapi.json" })
    }

    @Test func `a body that is too large is refused and the connection goes on`() async throws {
        let stack = try await Stack()
        let large = #"{"prompt":""# + String(repeating: "x", count: 3 << 20) + #""}"#
        #expect(try await HTTPTestClient.post("\(stack.base)/api/jobs", json: large).status == 413)
        #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200)
    }

    @Test func `HEAD has the headers of GET and no body`() async throws {
        let stack = try await Stack()
        for path in ["/", "/api/models", "/health"] {
            let get = try await HTTPTestClient.get(stack.base + path)
            let head = try await HTTPTestClient.request("HEAD", stack.base + path)
            #expect(head.status == get.status)
            #expect(head["Content-Type"] == get["Content-Type"])
            #expect(head.body.isEmpty)
        }
    }

    @Test func `a job that has not changed is 304`() async throws {
        let stack = try await Stack()
        let id = try #require(try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "x"}"#).json["job_id"]?.text)
        _ = try await stack.finished(id)
        let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)")
        let tag = try #require(job["ETag"])
        let again = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)", [("If-None-Match", tag)])
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
    }

    @Test func `the list shows the latest jobs of this client`() async throws {
        let stack = try await Stack()
        var ids: [String] = []
        for number in 1...3 {
            let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "picture \#(number)"}"#)
            ids.append(try #require(try accepted.json["job_id"]?.text))
        }
        let page = try await HTTPTestClient.get("\(stack.base)/api/jobs?limit=2").json
        #expect(page["items"]?.elements?.compactMap { $0["job_id"]?.text } == [ids[2], ids[1]])
        let cursor = try #require(page["next_cursor"]?.text)
        let rest = try await HTTPTestClient.get("\(stack.base)/api/jobs?limit=2&cursor=\(cursor)").json
        #expect(rest["items"]?.elements?.compactMap { $0["job_id"]?.text } == [ids[0]])
        #expect(rest["next_cursor"] == .null)
    }
}
