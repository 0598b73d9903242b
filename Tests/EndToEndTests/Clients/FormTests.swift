import Foundation
import Jobs
import TestSupport
import Testing

@testable import krea_simulator

/// A person with a browser, without JavaScript, through nginx.
@Suite(.timeLimit(.minutes(5))) struct FormTests {
    @Test(arguments: Dialect.allCases)
    func `a prompt typed into the form becomes a page with its picture`(dialect: Dialect) async throws {
        let stack = try await Stack(dialect)
        let form = try await HTTPTestClient.get("\(stack.base)/")
        #expect(form.status == 200)
        #expect(form["Content-Type"] == "text/html; charset=utf-8")
        #expect(form.body.contains("simulator on this machine"))

        let sent = try await HTTPTestClient.post(
            "\(stack.base)/",
            form: ["prompt": "a lighthouse & <b>dusk</b>", "model": "flux", "width": "640", "height": "", "batch_size": "2"])
        #expect(sent.status == 303)
        let location = try #require(sent["Location"])
        #expect(location.hasPrefix("/krea/jobs/"))
        let id = String(location.dropFirst("/krea/jobs/".count).prefix { $0 != "#" })

        _ = try await stack.finished(id)
        let page = try await HTTPTestClient.get("\(stack.base)/jobs/\(id)")
        #expect(page.body.contains("Generated with Flux: a lighthouse &amp; &lt;b&gt;dusk&lt;/b&gt;"))
        let images = page.body.matches(of: /<img src="(http:[^"]+)"/).map { String($0.1) }
        #expect(images.count == 2)
        let policy = try #require(page["Content-Security-Policy"])
        #expect(policy.contains("img-src 'self' https://krea.ai https://*.krea.ai \(stack.krea);"))
        for image in images {
            let picture = try await HTTPTestClient.get(image)
            #expect(picture.status == 200)
            #expect(picture["Content-Type"] == "image/png")
        }
        #expect(!page.body.contains("http-equiv=\"refresh\""))
    }

    @Test func `whose browser runs no script gets the picture in the answer in which the job was still waiting`() async throws {
        let stack = try await Stack(simulator: ["--run-seconds", "3"])
        _ = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": "first"])
        let sent = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": "a lighthouse"])
        let page = try await HTTPTestClient.get("\(stack.origin)\(sent["Location"] ?? "")")
        #expect(page.status == 200)
        #expect(page["Content-Length"] == nil)
        #expect(page.body.contains("<div class=\"log\""))
        #expect(page.body.contains("<img src=\"\(stack.krea)/images/"))
        #expect(page.body.contains("</html>"))
    }

    @Test func `a wrong form comes back filled in, with the message at the field`() async throws {
        let stack = try await Stack()
        let answer = try await HTTPTestClient.post(
            "\(stack.base)/", form: ["prompt": "a \"quoted\" lighthouse", "width": "5000", "aspect_ratio": "wide"])
        #expect(answer.status == 422)
        #expect(answer.body.contains("width 5000 must be a whole number from 512 to 2368."))
        #expect(answer.body.contains("a &quot;quoted&quot; lighthouse") || answer.body.contains("a \"quoted\" lighthouse</textarea>"))
        #expect(answer.body.contains("aria-describedby"))
        #expect(try stack.kreaCalls().allSatisfy { $0.path == "/openapi.json" })
    }

    @Test func `a double click makes one job`() async throws {
        let stack = try await Stack()
        let form = try await HTTPTestClient.get("\(stack.base)/")
        let token = try #require(form.body.firstMatch(of: /name="form_token" value="([^"]+)"/)?.1)
        let fields = ["prompt": "a lighthouse", "form_token": String(token)]
        async let first = HTTPTestClient.post("\(stack.base)/", form: fields)
        async let second = HTTPTestClient.post("\(stack.base)/", form: fields)
        let locations = try await [first["Location"], second["Location"]]
        #expect(locations[0] == locations[1])
        #expect(locations[0] != nil)
    }

    @Test(arguments: [
        [("Origin", "https://evil.example.org")], [("Origin", "null")], [("Sec-Fetch-Site", "cross-site")],
    ])
    func `another site's form is refused`(headers: [(String, String)]) async throws {
        let stack = try await Stack()
        let answer = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": "a lighthouse"], headers)
        #expect(answer.status == 403)
    }

    @Test func `our own form is taken, with the Origin that a browser sends`() async throws {
        let stack = try await Stack()
        let answer = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": "a lighthouse"], [("Origin", stack.origin)])
        #expect(answer.status == 303)
    }

    @Test func `nginx serves the style sheet and the icon itself`() async throws {
        let stack = try await Stack()
        let page = try await HTTPTestClient.get("\(stack.base)/")
        for match in page.body.matches(of: /href="(\/krea\/static\/[^"]+)"/) {
            let file = try await HTTPTestClient.get(stack.origin + String(match.1))
            #expect(file.status == 200)
            #expect(file["X-Content-Type-Options"] == "nosniff")
        }
        #expect(page.body.matches(of: /href="\/krea\/static\//).count == 2)
    }
}
