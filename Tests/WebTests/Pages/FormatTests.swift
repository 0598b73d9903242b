import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// Formats of a job.
@Suite struct FormatTests {
    private static let url = "https://gen.krea.ai/1.png"

    private func complete(_ driver: JobDriver, _ urls: [String] = [url]) throws {
        try driver.submit(.answered(KreaJob(id: "k", status: "completed", urls: urls)))
    }

    @Test(arguments: [true, false])
    func `JSON is what the API gives, with its headers and its name`(isNamed: Bool) throws {
        let fixture = WebFixture()
        let driver = try JobDriver(fixture)
        let expected = try fixture.get("/api/jobs/\(driver.id)")
        let answer =
            isNamed ? try fixture.get("/jobs/\(driver.id).json") : try fixture.get("/jobs/\(driver.id)", [.accept: "application/json"])
        #expect(answer.status == 200)
        #expect(answer.text == expected.text)
        for field in ["Content-Type", "ETag", "Cache-Control", "Retry-After"] { #expect(answer[field] == expected[field], "\(field)") }
        #expect(answer["Vary"] == (isNamed ? nil : "Accept"))
        let tag = try #require(answer["ETag"])
        #expect(try fixture.get("/jobs/\(driver.id).json", [.ifNoneMatch: tag]).status == 304)
    }

    @Test(arguments: [("txt", "text/plain"), ("md", "text/markdown")])
    func `a job under way is its line, in both kinds of text, with when to ask again`(ending: String, type: String) throws {
        let fixture = WebFixture()
        let driver = try JobDriver(fixture)
        let expected = try fixture.get("/api/jobs/\(driver.id)")
        let answer = try fixture.get("/jobs/\(driver.id).\(ending)")
        #expect(answer.text == "\(expected.json["message"]?.text ?? "")\n")
        #expect(answer["Content-Type"] == "\(type); charset=utf-8")
        #expect(answer["Retry-After"] == expected["Retry-After"])
        #expect(answer["Retry-After"] != nil)
        #expect(answer["Cache-Control"] == expected["Cache-Control"])
        #expect(try fixture.get("/jobs/\(driver.id)", [.accept: type]).text == answer.text)
        let tag = try #require(answer["ETag"])
        #expect(try fixture.get("/jobs/\(driver.id).\(ending)", [.ifNoneMatch: tag]).status == 304)
    }

    @Test func `a job without a picture is its failure's line`() throws {
        let fixture = WebFixture()
        let driver = try JobDriver(fixture)
        try driver.submit(.refused(JobFailure(.outOfCompute)))
        let answer = try fixture.get("/jobs/\(driver.id).txt")
        #expect(answer.text == "Out of compute — upgrade plan\n")
        #expect(answer["Retry-After"] == nil)
    }

    @Test(arguments: ["txt", "md", "json"])
    func `nothing in text, Markdown or JSON steers its reader`(ending: String) throws {
        let fixture = WebFixture()
        let driver = try JobDriver(fixture, prompt: "a \u{202E}light\u{200F}house\u{2066} 👩‍🚀")
        try complete(driver, ["https://gen.krea.ai/\u{202E}1.png"])
        let paused = try JobDriver(fixture)
        try fixture.store.pause(because: "back at\u{1B}[2J \u{202E}noon\nor so")
        let texts = try [driver, paused].map { try fixture.get("/jobs/\($0.id).\(ending)").text }
        for text in texts {
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x200E...0x200F).contains($0.value) })
            #expect(
                !text.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value) }, "\(text)")
        }
        let escape = ["md": "\\\\u{202e}", "txt": "\\u{202e}"][ending] ?? "\\u202e"
        #expect(texts[0].contains("a \(escape)light") && texts[0].contains("👩‍🚀"))
        #expect(texts[1].split(separator: "\n").count == 1 && texts[1].contains(escape))
    }

    @Test func `a finished job is one sentence and its pictures`() throws {
        let fixture = WebFixture()
        let driver = try JobDriver(fixture, members: ", \"model\": \"flux\", \"batch_size\": 2")
        try complete(driver, [Self.url, "https://gen.krea.ai/(2).png"])
        #expect(
            try fixture.get("/jobs/\(driver.id).txt").text
                == "Generated with Flux: a lighthouse at dusk\n\(Self.url)\nhttps://gen.krea.ai/(2).png\n")
        #expect(
            try fixture.get("/jobs/\(driver.id).md").text == """
                Generated with Flux: a lighthouse at dusk

                - [![a lighthouse at dusk](\(Self.url))](\(Self.url))
                - [![a lighthouse at dusk](https://gen.krea.ai/%282%29.png)](https://gen.krea.ai/%282%29.png)

                """)
    }

    @Test(arguments: [
        ("[a](javascript:x)", #"\[a\](javascript:x)"#), ("![a] <b>&amp;", #"!\[a\] \<b\>\&amp;"#),
        ("*a* _b_ ~~c~~", #"\*a\* \_b\_ \~\~c\~\~"#),
        ("`a` $b$ | \\", #"\`a\` \$b\$ \| \\"#), ("see https://a.example", #"see https\://a.example"#),
        ("www.a.example", #"www\.a.example"#),
        ("one\n# two\n- three", "one # two - three"), ("black-and-white, 4.5 m; \"dusk\"", "black-and-white, 4.5 m; \"dusk\""),
    ])
    func `a prompt stays text in Markdown`(prompt: String, escaped: String) throws {
        let fixture = WebFixture()
        let driver = try JobDriver(fixture, prompt: prompt.replacing("\n", with: "   "))
        try complete(driver)
        let text = try fixture.get("/jobs/\(driver.id).md").text
        #expect(text.hasPrefix("Generated with Nano Banana 2: \(escaped)\n\n- [![\(escaped)]("))
    }

    @Test(arguments: [nil, "https://fixture.example/pics"])
    func `text names the copy of a picture with its host, the JSON as ever`(publicURL: String?) throws {
        let fixture = WebFixture(settings: .init(keepsPictures: true, publicURL: publicURL))
        let driver = try JobDriver(fixture)
        try complete(driver)
        let path = "/krea/jobs/\(driver.id)"
        #expect(try fixture.get("\(path).txt", mount: "/krea").text.hasSuffix("\n\(Self.url)\n"))
        let claim = try fixture.store.claimPicture(by: fixture.epoch, at: fixture.time.now)
        guard case .granted(let fetch) = claim else { throw BrokenStore.Failure() }
        _ = try fixture.store.recordPicture(.success(KeptPicture(file: .sample(7), bytes: 1)), for: fetch, at: fixture.time.now)
        let copy = "\(publicURL ?? "http://pictures.example/krea")/pictures/\(PictureFile.sample(7).name)"
        let text = try fixture.get("\(path).txt", mount: "/krea")
        #expect(text.text.hasSuffix("\n\(copy)\n"))
        #expect(text["Cache-Control"] == "private, max-age=86400")
        #expect(try fixture.get("\(path).md", mount: "/krea").text.contains("](\(copy))"))
        let json = try fixture.get("\(path).json", mount: "/krea")
        #expect(json.text == (try fixture.get("/krea/api/jobs/\(driver.id)", mount: "/krea").text))
    }

    @Test func `a page says that another Accept gets something else`() throws {
        let fixture = WebFixture()
        let driver = try JobDriver(fixture)
        for accept in ["*/*", "text/html", "image/png"] {
            let answer = try fixture.get("/jobs/\(driver.id)", [.accept: accept])
            #expect(answer["Content-Type"] == "text/html; charset=utf-8")
            #expect(answer["Vary"] == "Accept")
            #expect(answer["Cache-Control"] == "no-store")
        }
    }

    @Test(
        arguments: [
            (".json", nil, "application/json"), (".md", nil, "text/markdown; charset=utf-8"), (".txt", nil, "text/plain; charset=utf-8"),
            ("", nil, "text/html; charset=utf-8"), ("", "application/json", "application/json"),
            ("", "text/plain", "text/plain; charset=utf-8"),
            (".html", nil, "text/html; charset=utf-8"), (".png", "text/plain", "text/plain; charset=utf-8"),
        ] as [(String, String?, String)])
    func `what is refused is refused in the format that was asked for`(ending: String, accept: String?, type: String) throws {
        var fields = HTTPFields()
        fields[.accept] = accept
        let answer = try WebFixture().get("/jobs/\(JobID.sample(99))\(ending)", fields)
        #expect(answer.status == 404)
        #expect(answer["Content-Type"] == type)
        #expect(answer.text.contains("There is no job with this ID."))
        if type == "application/json" { #expect(answer.json["code"] == "unknown_job") }
    }

    @Test(arguments: [HTTPRequest.Method.post, .delete, .put])
    func `a format is only read`(method: HTTPRequest.Method) throws {
        let answer = try WebFixture().send(method, "/jobs/\(JobID.sample(99)).json")
        #expect(answer.status == 405)
        #expect(answer["Allow"] == "GET, HEAD")
        #expect(answer.json["code"] == "method_not_allowed")
    }
}
