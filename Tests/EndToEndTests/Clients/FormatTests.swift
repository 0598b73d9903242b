import Foundation
import Jobs
import TestSupport
import Testing

/// A job read as something else than a page, through nginx.
@Suite(.timeLimit(.minutes(5))) struct FormatTests {
    @Test func `the text of a job names pictures that are there, kept ones at this site`() async throws {
        let stack = try await Stack(keepsPictures: true)
        let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse", "model": "flux"}"#)
        let id = try #require(try accepted.json["job_id"]?.text)
        try await stack.service.line { $0.contains("Kept a copy") && $0.contains("job=\(id)") }

        let text = try await HTTPTestClient.get("\(stack.base)/jobs/\(id)", [("Accept", "text/plain")])
        #expect(text["Content-Type"] == "text/plain; charset=utf-8")
        #expect(text["Vary"] == "Accept")
        let lines = text.body.split(separator: "\n")
        #expect(lines.first == "Generated with Flux: a lighthouse")
        let address = try #require(lines.last.map(String.init))
        #expect(address.hasPrefix("\(stack.base)/pictures/"))
        #expect(try await HTTPTestClient.get(address)["Content-Type"] == "image/png")
        #expect(try await HTTPTestClient.get("\(stack.base)/jobs/\(id).md").body.contains("](\(address))"))

        let json = try await HTTPTestClient.get("\(stack.base)/jobs/\(id).json")
        let api = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)")
        #expect(json.body == api.body)
        #expect(json["ETag"] == api["ETag"])
        let page = try await HTTPTestClient.get("\(stack.base)/jobs/\(id)", [("Accept", "text/html,*/*;q=0.8")])
        #expect(page["Content-Type"] == "text/html; charset=utf-8")
    }
}
