import Foundation
import Jobs
import TestSupport
import Testing

/// The ways to sign in of nginx's recipe; that by a password, which all recipes have, is in ``WebServerTests``.
@Suite struct SignInTests {
    /// Where what the operator has beside the recipe goes: before it.
    private static let start = "# krea-fcgi behind nginx:"

    @Test func `the site says who somebody is, and a user's job is for that user alone`() async throws {
        let port = try Stack.freePort()
        // The operator's own site, which knows its visitors by a cookie.
        let site = """
            location = /krea-user { internal; proxy_pass http://127.0.0.1:\(port)/; proxy_pass_request_body off; proxy_set_header Content-Length ""; }
            """
        let stack = try await Stack(
            webhooks: true,
            edits: [
                Self.start: "\(site)\n\(Self.start)", "#auth_request": "auth_request",
                "#fastcgi_param REMOTE_USER $krea_user": "fastcgi_param REMOTE_USER $krea_user",
            ])
        let folder = try TemporaryFolder()
        let knowing = try await Self.site(in: folder, port: port)
        defer { knowing.signal(SIGTERM) }

        func cookie(_ user: String) -> [(String, String)] { [("Cookie", "session=\(user)")] }
        #expect(try await HTTPTestClient.get("\(stack.base)/").status == 401)
        #expect(try await HTTPTestClient.get("\(stack.base)/", [("X-User", "eve")]).status == 401)
        #expect(try await HTTPTestClient.get("\(stack.base)/", cookie("nobody")).status == 401)
        let accepted = try await HTTPTestClient.post("\(stack.base)/api/jobs", json: #"{"prompt": "a lighthouse"}"#, cookie("eve"))
        let id = try #require(accepted.json["job_id"]?.text)
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)", cookie("eve")).status == 200)
        #expect(try await HTTPTestClient.get("\(stack.base)/api/jobs/\(id)", cookie("ann")).status == 404)
        #expect(try await HTTPTestClient.get("\(stack.base)/jobs/\(id)", cookie("ann")).status == 404)
        // Krea is let in without.
        #expect(try await HTTPTestClient.post("\(stack.base)/api/webhooks/krea/a-secret", json: "{}").status == 204)
    }

    /// Somebody's site that knows `eve` and `ann`.
    private static func site(in folder: TemporaryFolder, port: Int) async throws -> ChildProcess {
        try """
        \(geteuid() == 0 ? "user root;" : "") daemon off; pid \(folder.file("site.pid")); error_log \(folder.file("site.log")); events {}
        http {
            access_log off;
            map $cookie_session $visitor { eve eve; ann ann; default ""; }
            server {
                listen 127.0.0.1:\(port);
                location / {
                    if ($visitor = "") { return 401; }
                    add_header X-User $visitor;
                    return 204;
                }
            }
        }
        """.write(toFile: folder.file("site.conf"), atomically: true, encoding: .utf8)
        let site = ChildProcess(URL(filePath: "/usr/sbin/nginx"), ["-e", folder.file("site.log"), "-c", folder.file("site.conf")])
        try await HTTPTestClient.waitUntilConnectable(port: port, to: site)
        return site
    }

    @Test func `a verified certificate says who somebody is, and without one only what is for everybody is served`() async throws {
        let files = try TemporaryFolder()
        try await Self.certificates(in: files)
        let port = try Stack.freePort()
        let secure = """
            listen 127.0.0.1:\(port) ssl;
            ssl_certificate \(files.file("server.pem")); ssl_certificate_key \(files.file("server.key"));
            ssl_client_certificate \(files.file("ca.pem")); ssl_verify_client optional;
            """
        let stack = try await Stack(
            environment: ["KREA_FCGI_REQUIRE_USER": "yes"],
            edits: [
                Self.start: "\(secure)\n\(Self.start)",
                "#fastcgi_param REMOTE_USER $ssl_client_s_dn": "fastcgi_param REMOTE_USER $ssl_client_s_dn",
            ])
        func status(_ path: String, as user: String?, _ more: String...) async -> String {
            let known = user.map { ["--cert", files.file("\($0).pem"), "--key", files.file("\($0).key")] } ?? []
            let fixed = ["-sS", "-o", files.file("body"), "-w", "%{http_code}", "--cacert", files.file("ca.pem")]
            return await ChildProcess(
                URL(filePath: "/usr/bin/curl"),
                fixed + known + more + ["https://localhost:\(port)/krea\(path)", "--connect-to", "::127.0.0.1:"]
            ).allLines().joined(separator: "\n")
        }
        let post = ["-H", "Content-Type: application/json", "-d", #"{"prompt": "a lighthouse"}"#]
        #expect(await status("/", as: nil) == "403")
        #expect(await status("/health", as: nil) == "200")
        #expect(await status("/api/webhooks/krea/a-secret", as: nil, "-X", "POST") == "204")
        #expect(try await HTTPTestClient.get("\(stack.base)/").status == 403)
        // Signed by nobody whom the server trusts.
        #expect(await status("/", as: "stranger") == "400")
        #expect(await status("/", as: "eve") == "200")
        #expect(await status("/api/jobs", as: "eve", post[0], post[1], post[2], post[3]) == "202")
        let body = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: URL(filePath: files.file("body"))))
        let id = try #require(body["job_id"]?.text)
        #expect(await status("/api/jobs/\(id)", as: "eve") == "200")
        #expect(await status("/api/jobs/\(id)", as: "ann") == "404")
    }

    /// An authority, a server's certificate for `localhost`, those of `eve` and `ann`, and one that the authority has not signed.
    private static func certificates(in folder: TemporaryFolder) async throws {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        func make(_ name: String, _ subject: String, _ more: [String]) async throws {
            let files = ["-keyout", folder.file("\(name).key"), "-out", folder.file("\(name).pem")]
            let program = ChildProcess(
                URL(filePath: "/usr/bin/openssl"), ["req", "-x509"] + key + ["-subj", subject] + files + more)
            let status = try await program.exitStatus()
            let lines = await program.allLines()
            try #require(status == 0, "\(lines)")
        }
        try await make("ca", "/CN=authority", [])
        try await make("stranger", "/CN=eve", [])
        let signed = ["-CA", folder.file("ca.pem"), "-CAkey", folder.file("ca.key"), "-addext", "basicConstraints=critical,CA:FALSE"]
        try await make("server", "/CN=localhost", signed + ["-addext", "subjectAltName=DNS:localhost"])
        for user in ["eve", "ann"] { try await make(user, "/O=Example/CN=\(user)", signed) }
    }
}
