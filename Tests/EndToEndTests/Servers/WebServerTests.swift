import Digests
import Foundation
import Glibc
import Jobs
import TestSupport
import Testing
import Web

/// The same for every web server that there is a recipe for: what people and programs get through it.
@Suite(.timeLimit(.minutes(5))) struct WebServerTests {
    @Test(arguments: WebServer.allCases, Transport.allCases)
    func `a form becomes a page, a program's job its picture`(server: WebServer, transport: Transport) async throws {
        let stack = try await Stack(behind: server, over: transport)
        let form = try await HTTPTestClient.get("\(stack.base)/")
        #expect(form.status == 200)
        #expect(form["Content-Type"] == "text/html; charset=utf-8")
        let links = form.body.matches(of: /(?:href|action)="(\/[^"]*)"/).map { String($0.1) }
        #expect(links.count >= 4, "\(links)")
        #expect(links.allSatisfy { $0.hasPrefix("/krea/") }, "\(links)")
        let bare = try await HTTPTestClient.get(stack.base)
        #expect([301, 308].contains(bare.status))
        #expect(bare["Location"]?.hasSuffix("/krea/") == true)

        let sent = try await HTTPTestClient.post("\(stack.base)/", form: ["prompt": "a lighthouse & more"], [("Origin", stack.origin)])
        #expect(sent.status == 303)
        let page = try await HTTPTestClient.get(stack.origin + (sent["Location"] ?? ""))
        #expect(page.status == 200)
        #expect(page.body.contains("a lighthouse &amp; more"))

        let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs?a%2Fb=%20", json: #"{"prompt": "a lighthouse"}"#)
        #expect(accepted.status == 202)
        let id = try #require(try accepted.json["job_id"]?.text)
        #expect(accepted["Location"] == "/krea/api/jobs/\(id)")
        #expect(try await stack.finished(id)["result"]?["urls"]?.elements?.count == 1)

        let job = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)")
        let tag = try #require(job["ETag"])
        let same = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)", [("If-None-Match", tag)])
        #expect(same.status == 304)
        #expect(same.body.isEmpty)
        #expect(same["ETag"] == tag)
        let head = try await HTTPTestClient.request("HEAD", "\(stack.base)/api/jobs/\(id)")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head["ETag"] == tag)
        #expect(head["Content-Length"] == "\(job.body.utf8.count)")

        let unknown = try await HTTPTestClient.get("\(stack.base)/api/no%20thing?x=/../y")
        #expect(unknown.status == 404)
        #expect(try unknown.json["code"] == "not_found")
        let neighbour = try await HTTPTestClient.get("\(stack.base)tion/")
        #expect(!neighbour.body.contains("Krea"))
    }

    @Test(arguments: WebServer.allCases)
    func `the page of a job that waits is there before anything happens, and its answer goes on`(server: WebServer) async throws {
        let stack = try await Stack(environment: ["KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "3600"], behind: server)
        for prompt in ["first", "second"] {
            _ = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: "{\"prompt\": \"\(prompt)\"}")
        }
        let job = try await HTTPTestClient.get("\(stack.base)/api/jobs").json["items"]?.elements?.first
        let page = "\(stack.base)/jobs/\(job?["job_id"]?.text ?? "")"
        let beginning = try await HTTPTestClient.beginning(of: page) { $0.contains("<strong>In the queue</strong>") }
        #expect(beginning.contains("<div class=\"log\""))
        #expect(!beginning.contains("</html>"))
    }

    @Test(arguments: WebServer.allCases, Transport.allCases)
    func `a body comes through whole up to 1 MiB, and a larger one is 413`(server: WebServer, transport: Transport) async throws {
        let stack = try await Stack(behind: server, over: transport)
        func post(_ length: Int, _ options: String...) async throws -> String {
            let file = stack.folder.file("body")
            try (#"{"prompt": ""# + String(repeating: "a", count: length) + #""}"#).write(toFile: file, atomically: true, encoding: .utf8)
            // As it knows what to do with an answer that comes while it is still sending.
            let curl = ChildProcess(
                URL(filePath: "/usr/bin/curl"),
                [
                    "--silent", "--max-time", "30", "--write-out", "%{http_code}\n", "--output", stack.folder.file("answer"),
                    "--header", "Content-Type: application/json", "--header", "Expect:", "--data-binary", "@\(file)",
                ] + options + ["\(stack.base)/api/jobs"])
            return await curl.allLines().joined(separator: "\n")
        }
        #expect(try await post(900_000) == "422")
        #expect(try String(contentsOfFile: stack.folder.file("answer"), encoding: .utf8).contains("prompt"))
        #expect(try await post(2 << 20) == "413")
        // And the connection to the service is good for the next.
        #expect(try await post(1000) == "202")

        let chunked = ["--header", "Transfer-Encoding: chunked"]
        let isSmallTaken = server != .caddy
        let isLargeTaken = [.nginx, .lighttpd].contains(server)
        #expect(try await post(100, chunked[0], chunked[1]) == (isSmallTaken ? "202" : "411"))
        #expect(try await post(900_000, chunked[0], chunked[1]) == (isLargeTaken ? "422" : "411"))
        #expect(["411", "413"].contains(try await post(2 << 20, chunked[0], chunked[1])))
        #expect(try await post(10) == "202")
    }

    @Test(arguments: WebServer.allCases, Transport.allCases)
    func `style sheet, scripts, icon and kept pictures are there without the service, which is found again when it comes back`(
        server: WebServer, transport: Transport
    ) async throws {
        let stack = try await Stack(keepsPictures: true, behind: server, over: transport)
        let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#)
        let id = try #require(try accepted.json["job_id"]?.text)
        try await stack.service.line { $0.contains("Kept a copy") && $0.contains("job=\(id)") }
        let kept = try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)").json["result"]?["kept_urls"]?.elements?.first?.text
        let path = try #require(kept)
        stack.service.signal(SIGTERM)
        _ = try await stack.service.exitStatus()
        #expect([502, 503].contains(try await HTTPTestClient.get("\(stack.base)/").status))

        let files = [
            ("style.css", ["text/css"]), ("icon.svg", ["image/svg+xml"]),
            ("embed.js", ["text/javascript", "application/javascript"]),
        ]
        for (file, types) in files {
            let answer = try await HTTPTestClient.get("\(stack.base)/static/\(file)")
            #expect(answer.status == 200)
            #expect(types.contains { answer["Content-Type"]?.hasPrefix($0) == true }, "\(answer["Content-Type"] ?? "")")
            #expect(answer["Cache-Control"]?.contains("max-age=3600") == true)
            #expect(answer["X-Content-Type-Options"] == "nosniff")
        }
        let picture = try await HTTPTestClient.get(stack.origin + path)
        #expect(picture.status == 200)
        #expect(picture["Content-Type"] == "image/png")
        let directives = picture.all("Cache-Control").flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(Set(directives) == ["public", "max-age=31536000", "immutable"])
        #expect(picture["X-Content-Type-Options"] == "nosniff")
        let missing = try await HTTPTestClient.get("\(stack.base)/pictures/ab/\(String(repeating: "c", count: 62)).png")
        #expect(missing.status == 404)
        #expect(!missing.all("Cache-Control").contains { $0.contains("max-age") })
        try Data("<script>".utf8).write(to: URL(filePath: "\(stack.pictures)/notes.txt"))
        #expect(try await HTTPTestClient.get("\(stack.base)/pictures/notes.txt").status != 200)

        let down = ContinuousClock.now
        let again = try stack.serveAgain()
        try await again.line { $0.contains("Serving FastCGI") }
        // A server may also close the connection on which it said for the last time that it is down.
        while await (try? HTTPTestClient.get("\(stack.base)/"))?.status != 200 { try Task.checkCancellation() }
        #expect(down.duration(to: .now) < .seconds(20))
    }

    @Test(arguments: WebServer.allCases)
    func `Krea may call, and the address is in none of the web server's logs, not even while the service is away`(
        server: WebServer
    ) async throws {
        let stack = try await Stack(webhooks: true, behind: server)
        #expect(try await HTTPTestClient.get("\(stack.base)/api/models").status == 200)
        #expect(try await HTTPTestClient.post("\(stack.base)/api/webhooks/krea/a-secret", json: "{}").status == 204)
        #expect(try await HTTPTestClient.get("\(stack.base)/api/models").status == 200)
        stack.service.signal(SIGTERM)
        _ = try await stack.service.exitStatus()
        let krea = try SlowClient(stack.origin)
        let fields = "Host: \(stack.origin.dropFirst("http://".count))\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        try krea.send("POST /krea/api/webhooks/krea/a-secret HTTP/1.1\r\n\(fields)".utf8)
        let refusal = try await krea.statusLine()
        #expect(refusal.contains(" 502") || refusal.contains(" 503"), "\(refusal)")
        // What goes wrong with another request is told; lighttpd does so once a second.
        func logs() throws -> [String] {
            let files = try FileManager.default.contentsOfDirectory(atPath: stack.folder.path)
            let names = files.filter { $0.hasSuffix(".log") && $0 != "krea.log" }
            return try names.map { try String(contentsOfFile: stack.folder.file($0), encoding: .utf8) } + stack.web.lines
        }
        repeat {
            #expect([502, 503].contains(try await HTTPTestClient.get("\(stack.base)/").status))
        } while try !logs().contains { $0.contains("error") || $0.contains("failed") }
        // Some servers write their log when they stop.
        stack.web.signal(SIGTERM)
        _ = try await stack.web.exitStatus()
        let requests = try String(contentsOfFile: stack.folder.file("access.log"), encoding: .utf8)
        #expect(requests.contains("/krea/api/models"))
        #expect(!requests.contains("webhooks"))
        #expect(try !logs().contains { $0.contains("a-secret") })
    }

    @Test(arguments: WebServer.allCases)
    func `the longest head that the settings can make comes through`(server: WebServer) async throws {
        var sites: [String] = []
        while Application.Settings(embedOrigins: Origins((sites + ["https://site-\(sites.count).example"]).joined(separator: ","))!)
            .policySize
            <= Application.Settings.fieldLimit
        { sites.append("https://site-\(sites.count).example") }
        // Against a simulator the pages name its host, too.
        sites.removeLast(2)
        let stack = try await Stack(environment: ["KREA_FCGI_EMBED_ORIGINS": sites.joined(separator: ",")], behind: server)
        let page = try await HTTPTestClient.get("\(stack.base)/embed?lang=zh-Hans")
        #expect(page.status == 200)
        #expect(page["Set-Cookie"] != nil)
        #expect(page["Content-Security-Policy"]?.hasSuffix(" \(sites[sites.count - 1])") == true)
        #expect(page["Content-Security-Policy"].map { $0.utf8.count > 3000 } == true)
    }

    @Test(arguments: WebServer.allCases)
    func `keys reach the service, and a user does only when the web server has checked who it is`(server: WebServer) async throws {
        let files = try TemporaryFolder()
        // Apache's user reads the passwords.
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: files.path)
        let hash = SHA256.hash("ann's key".utf8).map { String(256 + Int($0), radix: 16).dropFirst() }.joined()
        try "ann:\(hash)\n".write(toFile: files.file("keys"), atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: files.file("keys"))
        let keys = ["KREA_FCGI_API_KEYS_FILE": files.file("keys")]
        func basic(_ password: String) -> (String, String) {
            ("Authorization", "Basic " + Data("eve:\(password)".utf8).base64EncodedString())
        }

        let open = try await Stack(environment: keys, behind: server)
        #expect(try await HTTPTestClient.get("\(open.base)/api/jobs", [("Authorization", "Bearer ann's key")]).status == 200)
        #expect(try await HTTPTestClient.get("\(open.base)/api/jobs", [("Authorization", "Bearer eve's key")]).status == 401)
        for forged in [basic("secret"), ("REMOTE_USER", "eve"), ("Remote-User", "eve"), ("Remote_User", "eve")] {
            let answer = try await HTTPTestClient.get("\(open.base)/api/jobs", [forged])
            #expect(answer.status == 401, "\(forged)")
            #expect(answer["WWW-Authenticate"] == "Bearer", "\(forged)")
        }

        // The SHA-1 of "secret".
        try "eve:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n".write(toFile: files.file("passwords"), atomically: true, encoding: .utf8)
        let closed = try await Stack(environment: keys, behind: server, edits: server.signIn(passwords: files.file("passwords")))
        #expect(try await HTTPTestClient.get("\(closed.base)/").status == 401)
        #expect(try await HTTPTestClient.get("\(closed.base)/", [basic("guess")]).status == 401)
        #expect(try await HTTPTestClient.get("\(closed.base)/api/jobs", [basic("secret")]).status == 200)
    }
}

extension WebServer {
    /// What an operator changes in the recipe so that users sign in: `eve`, whose password is `secret`.
    fileprivate func signIn(passwords: String) -> [String: String] {
        switch self {
        case .nginx:
            [
                "#auth_basic": "auth_basic", "#fastcgi_param REMOTE_USER $remote_user": "fastcgi_param REMOTE_USER $remote_user",
                "/etc/nginx/krea.htpasswd": passwords,
            ]
        case .apache:
            ["#Auth": "Auth", "#Require valid-user": "Require valid-user", "/etc/apache2/krea.htpasswd": passwords]
        case .lighttpd:
            ["#auth.": "auth.", "/etc/lighttpd/krea.htpasswd": passwords]
        case .caddy:
            [
                "#basicauth {": "basicauth {", "#    NAME HASH": "    eve $2y$05$t8TnvVx9J9Cyy9JCymXYEuIs3NU.7Tosv17ZWYYr5dIv.I/oJk7/K",
                "#}": "}",
            ]
        }
    }
}
