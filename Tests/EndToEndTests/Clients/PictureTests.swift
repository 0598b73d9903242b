import Foundation
import Glibc
import Jobs
import SQLiteStore
import TestSupport
import Testing

/// Copies of pictures: made by the service, shown by nginx.
@Suite(.timeLimit(.minutes(5))) struct PictureTests {
    private func send(_ prompt: String, _ stack: Stack, _ members: String = "") async throws -> String {
        let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "\#(prompt)"\#(members)}"#)
        return try #require(try accepted.json["job_id"]?.text)
    }

    /// The first address of the copies, once there is one.
    private func kept(_ id: String, _ stack: Stack, by service: ChildProcess? = nil) async throws -> String {
        try await (service ?? stack.service).line { $0.contains("Kept a copy") && $0.contains("job=\(id)") }
        let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)")
        #expect(job["Cache-Control"] == "private, max-age=86400")
        return try #require(try job.json["result"]?["kept_urls"]?.elements?.first?.text)
    }

    private func address(_ path: String, _ stack: Stack) -> String {
        stack.origin + path
    }

    private func files(_ stack: Stack) -> [String] {
        let names = FileManager.default.enumerator(atPath: stack.pictures)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.contains(".") }
    }

    @Test func `a picture is there when Krea is gone, from nginx alone, and for ever`() async throws {
        let stack = try await Stack(keepsPictures: true)
        let id = try await send("a lighthouse", stack)
        let path = try await kept(id, stack)
        #expect(path.wholeMatch(of: /\/krea\/pictures\/[0-9a-f]{2}\/[0-9a-f]{62}\.png/) != nil)
        let url = try #require(try await stack.finished(id)["result"]?["urls"]?.elements?.first?.text)
        let original = try await HTTPTestClient.get(url)

        stack.simulator.signal(SIGTERM)
        _ = try await stack.simulator.exitStatus()
        stack.service.signal(SIGTERM)
        _ = try await stack.service.exitStatus()
        let copy = try await HTTPTestClient.get(address(path, stack))
        #expect(copy.status == 200)
        #expect(copy.body == original.body)
        #expect(copy["Content-Type"] == "image/png")
        #expect(copy["Cache-Control"] == "public, max-age=31536000, immutable")
        #expect(copy["X-Content-Type-Options"] == "nosniff")
    }

    @Test func `the page shows the copy, and Krea is asked for the picture once, without the token`() async throws {
        let stack = try await Stack(keepsPictures: true)
        let id = try await send("a lighthouse", stack)
        let path = try await kept(id, stack)
        let chromium = ChildProcess(
            URL(filePath: "/usr/bin/chromium"),
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(stack.folder.path)/browser", "--dump-dom",
                "\(stack.base)/jobs/\(id)",
            ],
            environment: ["HOME": stack.folder.path])
        #expect(try await chromium.exitStatus() == 0)
        #expect(await chromium.allLines().contains { $0.contains("<img src=\"\(path)\"") })
        let log = try String(contentsOfFile: stack.folder.file("krea.log"), encoding: .utf8).split(separator: "\n")
        let fetches = log.filter { $0.contains("/images/") }
        #expect(fetches.count == 1)
        #expect(fetches.allSatisfy { $0.contains(#""authorised":false"#) })
    }

    @Test func `the same bytes are there once, and go with the last job that has them`() async throws {
        let stack = try await Stack(keepsPictures: true)
        let first = try await send("a lighthouse", stack)
        let path = try await kept(first, stack)
        let second = try await send("a lighthouse", stack)
        #expect(try await kept(second, stack) == path)
        let other = try await send("another", stack)
        let otherPath = try await kept(other, stack)
        #expect(files(stack).count == 2)

        let store = try SQLiteStore(path: stack.folder.file("jobs.sqlite"), rules: Stack.rules)
        func end(_ id: String) async throws -> Timestamp {
            let text = try await stack.finished(id)["completed_at"]?.text
            return try #require(text.flatMap(Timestamp.init(iso8601:))) + .milliseconds(1)
        }
        #expect(try await store.removeFinished(before: end(first)) == 1)
        #expect(try await HTTPTestClient.get(address(path, stack)).status == 200)
        #expect(try await store.removeFinished(before: end(second)) == 1)
        let name = String(path.dropFirst("/krea/pictures/".count))
        try await stack.service.line { $0.contains("Removed a copy") && $0.contains(name) }
        let gone = try await HTTPTestClient.get(address(path, stack))
        #expect(gone.status == 404)
        #expect(gone["Cache-Control"] == nil)
        #expect(try await HTTPTestClient.get(address(otherPath, stack)).status == 200)
        #expect(files(stack).count == 1)
    }

    @Test func `a host of pictures that misbehaves harms nobody: those jobs show Krea's picture, the others have their copies`()
        async throws
    {
        let stack = try await Stack(keepsPictures: true)
        let words = ["image-404", "image-type", "image-huge:65", "image-redirect", "image-truncated"]
        var ids: [String] = []
        for word in words { ids.append(try await send("a lighthouse [[\(word)]]", stack)) }
        let slow = try await send("a slow one [[image-slow:700]]", stack)
        let good = try await send("a good one", stack)
        _ = try await kept(good, stack)
        _ = try await kept(slow, stack)
        for (word, id) in zip(words, ids) {
            try await stack.service.line { $0.contains("job=\(id)") && $0.contains("attempt=1") }
            let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)")
            #expect(try job.json["status"] == "completed", "\(word)")
            #expect(try job.json["result"]?["kept_urls"] == .array([.null]), "\(word)")
            let isFinal = word.hasPrefix("image-huge")
            #expect(job["Cache-Control"] == (isFinal ? "private, max-age=86400" : "private, no-cache"), "\(word)")
            let url = try #require(try job.json["result"]?["urls"]?.elements?.first?.text)
            #expect(try await HTTPTestClient.get("\(stack.base)/jobs/\(id)").body.contains("<img src=\"\(url)\""), "\(word)")
        }
        #expect(files(stack).count == 2)
        // Where a host leads on, it is asked without the token.
        let led = try stack.kreaCalls().filter { $0.path == "/jobs" }
        #expect(!led.isEmpty)
        #expect(led.allSatisfy { $0.status == 401 })
    }

    @Test func `a picture that has moved, or whose address has expired, is fetched all the same`() async throws {
        let stack = try await Stack(keepsPictures: true)
        let moved = try await send("a lighthouse [[image-moved:3]]", stack)
        _ = try await kept(moved, stack)
        let expired = try await send("another [[image-expired]]", stack)
        _ = try await kept(expired, stack)
        let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(expired)").json
        let url = try #require(job["result"]?["urls"]?.elements?.first?.text)
        #expect(!url.contains("expired"))
        #expect(try await HTTPTestClient.get(url).status == 200)
        #expect(files(stack).count == 2)
        #expect(try stack.kreaCalls().brokenRules(Stack.rules, flight: .milliseconds(100)).isEmpty)
        #expect(try await stack.command("audit").status == 0)
    }

    @Test func `a result on another host waits for the operator, who finds it, allows it and has it brought`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("krea-fcgi.conf")
        func allow(_ hosts: String) throws { try Data("KREA_FCGI_RESULT_HOSTS = \(hosts)\n".utf8).write(to: URL(filePath: file)) }
        try allow("")
        let stack = try await Stack(environment: ["KREA_FCGI_CONFIG": file], keepsPictures: true)
        let id = try await send("a lighthouse [[other-name]]", stack)
        #expect(try await stack.finished(id)["error"]?["code"] == "foreign_host")
        let line = try await stack.service.line { $0.contains("A result is on a host that is not allowed") }
        #expect(line.contains("http://localhost:"))
        #expect(line.contains("job=\(id)"))
        let listed = try await stack.command("jobs")
        #expect(listed.lines.contains { $0.hasPrefix("  \(id)  http://localhost:") })

        try allow("localhost")
        stack.service.signal(SIGHUP)
        try await stack.service.line { $0.contains("changed=KREA_FCGI_RESULT_HOSTS") }
        #expect(try await HTTPTestClient.post("\(stack.base)/api/jobs/\(id)/resume", json: "{}").status == 202)
        _ = try await kept(id, stack)
        let page = try await HTTPTestClient.get("\(stack.base)/jobs/\(id)")
        #expect(page["Content-Security-Policy"]?.contains("http://localhost:*") == true)
        #expect(try stack.kreaCalls().filter(\.isSubmission).count == 1)
    }

    @Test func `a service that is killed with half a picture shows none of it, and the next one fetches the whole`() async throws {
        let stack = try await Stack(keepsPictures: true)
        let id = try await send("a lighthouse [[image-huge:1]] [[image-hold]]", stack)
        func incoming() -> [String] { files(stack).filter { $0.hasPrefix(".incoming-") } }
        while incoming().isEmpty {
            try Task.checkCancellation()
            await Task.yield()
        }
        stack.service.signal(SIGKILL)
        _ = try await stack.service.exitStatus()
        #expect(files(stack) == incoming())
        #expect(incoming().count == 1)

        let again = try stack.serveAgain()
        let path = try await kept(id, stack, by: again)
        #expect(files(stack).count == 1)
        #expect(incoming().isEmpty)
        let url = try #require(try await stack.finished(id, by: again)["result"]?["urls"]?.elements?.first?.text)
        let (copy, original) = (try await HTTPTestClient.get(address(path, stack)), try await HTTPTestClient.get(url))
        #expect(copy.status == 200)
        #expect(copy.body == original.body)
        #expect(try stack.kreaCalls().filter(\.isSubmission).count == 1)
    }

    @Test func `nginx shows nothing else from the folder`() async throws {
        let stack = try await Stack(keepsPictures: true)
        let name = "ab/" + String(repeating: "c", count: 62)
        for file in [".incoming-1", "notes.txt", "\(name).svg", "\(name).html"] {
            try FileManager.default.createDirectory(atPath: "\(stack.pictures)/ab", withIntermediateDirectories: true)
            try Data("<script>".utf8).write(to: URL(filePath: "\(stack.pictures)/\(file)"))
            #expect(try await HTTPTestClient.get("\(stack.base)/pictures/\(file)").status == 404)
        }
        #expect(try await HTTPTestClient.get("\(stack.base)/pictures/").status == 404)
        #expect(try await HTTPTestClient.get("\(stack.base)/pictures/ab/../../jobs.sqlite").status != 200)
    }
}
