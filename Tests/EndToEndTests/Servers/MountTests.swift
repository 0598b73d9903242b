import Foundation
import Jobs
import TestSupport
import Testing

/// The service at any place of a site, with nothing changed but what the recipe says.
@Suite(.timeLimit(.minutes(5))) struct MountTests {
    @Test(arguments: WebServer.allCases, ["", "/krea", "/a/b"])
    func `form, job, JSON and files are there, and every link stays below the mount point`(server: WebServer, mount: String) async throws {
        let stack = try await Stack(keepsPictures: true, behind: server, at: mount)
        let form = try await HTTPTestClient.get("\(stack.base)/")
        #expect(form.status == 200, "\(form.body)")
        let links = form.body.matches(of: /(?:href|action|src)="(\/[^"]*)"/).map { String($0.1) }
        #expect(links.contains("\(mount)/static/style.css"), "\(links)")
        #expect(links.allSatisfy { $0.hasPrefix("\(mount)/") }, "\(links)")
        for link in links where link.contains("/static/") {
            #expect(try await HTTPTestClient.get(stack.origin + link).status == 200, "\(link)")
        }

        let sent = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": "a lighthouse"], [("Origin", stack.origin)])
        #expect(sent.status == 303)
        let location = try #require(sent["Location"])
        #expect(location.hasPrefix("\(mount)/jobs/"))
        let page = try await HTTPTestClient.get(stack.origin + location)
        #expect(page.status == 200)
        #expect(page.body.contains("a lighthouse"))

        let id = String(location.dropFirst("\(mount)/jobs/".count).prefix { $0 != "#" })
        try await stack.service.line { $0.contains("Kept a copy") && $0.contains("job=\(id)") }
        let job = try await stack.finished(id)
        let kept = try #require(job["result"]?["kept_urls"]?.elements?.first?.text)
        #expect(kept.hasPrefix("\(mount)/pictures/"))
        #expect(try await HTTPTestClient.get(stack.origin + kept)["Content-Type"] == "image/png")
        let api = try await HTTPTestClient.get("\(stack.base)/api/openapi.json").json
        #expect(api["servers"] == [["url": .string("\(mount)/api")]])
        #expect(try await HTTPTestClient.get("\(stack.base)/api/nothing").status == 404)
        #expect(try await HTTPTestClient.get("\(stack.base)/health").body == "ok\n")
    }
}
