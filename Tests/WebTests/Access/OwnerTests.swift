import HTTPTypes
import Jobs
import TestSupport
import Testing

@testable import Web

/// What of a job is for its owner alone, though anyone who has its ID may read the rest.
@Suite struct OwnerTests {
    private static let secret = "B0123/a-secret-of-slack"
    private static let body = #"{"prompt": "a lighthouse", "webhook_url": "https://hooks.slack.example/\#(secret)"}"#
    private static let keys: KeyOwner = { ["k1", "k2"].contains($0) ? Client(keyName: $0) : nil }

    private let fixture = WebFixture(
        settings: .init(
            webhookHosts: WebhookHosts("hooks.slack.example", simulated: false)!, embedOrigins: Origins("https://example.org")!),
        keyOwner: keys)

    /// Who sends a request: with a key, as a user, or from an address.
    private enum Reader: Equatable {
        case key(String), user(String), address(String)
    }

    private func send(_ method: HTTPRequest.Method, _ path: String, as reader: Reader, _ body: String = "") throws -> Answer {
        var fields: HTTPFields = [.contentType: "application/json"]
        if case .key(let key) = reader { fields[.authorization] = "Bearer \(key)" }
        let user = if case .user(let name) = reader { name } else { nil as String? }
        let address = if case .address(let address) = reader { address } else { WebFixture.address }
        return try fixture.send(method, path, address: address, user: user, fields, body)
    }

    private func isKept(byCaches answer: Answer) -> Bool {
        !(answer["Cache-Control"].map { $0.contains("private") || $0.contains("no-store") } ?? false)
            || !["0", nil].contains(answer["X-Accel-Expires"])
    }

    private static let readings = [
        "/api/jobs/ID", "/api/jobs", "/jobs/ID", "/jobs/ID.json", "/jobs/ID.txt", "/jobs/ID.md", "/embed/jobs/ID", "/mine?ids=ID",
        "/?again=ID",
    ]

    @Test(
        arguments: [(.key("k1"), [.key("k2"), .user("k1"), .address(WebFixture.address)]), (.user("ann"), [.user("bob"), .key("k1")])]
            as [(Reader, [Reader])])
    private func `where a program wants to be told of the end is for the owner of its key, or the user; others learn the host only`(
        owner: Reader, others: [Reader]
    ) throws {
        let made = try send(.post, "/api/jobs", as: owner, Self.body)
        #expect(made.json["webhook"]?.members?["url"] == "https://hooks.slack.example/B0123/a-secret-of-slack")
        #expect(!isKept(byCaches: made))
        let id = try #require(made.json["job_id"]?.text)
        // Twice, as answers are kept, and in both orders.
        for reader in others + [owner] + others + [owner] {
            for path in Self.readings.map({ $0.replacing("ID", with: id) }) {
                let answer = try send(.get, path, as: reader)
                let isShown = reader == owner && path.hasPrefix("/api/")
                // A key is looked at below `api/` only.
                let mayBeShown = isShown || reader == owner && path.hasSuffix(".json")
                #expect(answer.text.contains(Self.secret) ? mayBeShown : !isShown, "\(path) as \(reader)")
                #expect(!answer.text.contains(Self.secret) || !isKept(byCaches: answer), "\(path) as \(reader)")
            }
        }
        for (method, path) in [(.delete, "/api/jobs/ID"), (.delete, "/api/jobs/ID"), (.post, "/api/jobs/ID/resume")]
            as [(HTTPRequest.Method, String)]
        {
            for reader in others { #expect(try !send(method, path.replacing("ID", with: id), as: reader).text.contains(Self.secret)) }
        }
    }

    @Test func `a client that is only an address is not told where its program is told, because several people may share the address`()
        throws
    {
        let fixture = WebFixture(settings: .init(webhookHosts: WebhookHosts("hooks.slack.example", simulated: false)!))
        let made = try fixture.postJSON(Self.body)
        let id = try #require(made.json["job_id"]?.text)
        for answer in try [made, fixture.get("/api/jobs"), fixture.get("/api/jobs/\(id)"), fixture.send(.delete, "/api/jobs/\(id)")] {
            #expect(answer.status < 300)
            #expect(answer.text.contains("hooks.slack.example"))
            #expect(!answer.text.contains(Self.secret))
        }
        #expect(try fixture.get("/api/jobs/\(id)").json["webhook"]?.members?["url"] == .null)
    }

    @Test func `a message to the program does not say its address either`() throws {
        let id = try #require(JobID(try send(.post, "/api/jobs", as: .user("ann"), Self.body).json["job_id"]?.text ?? ""))
        let message = JobMessage(publicURL: nil, keepsPictures: false, rules: fixture.store.rules)
        let queued = try #require(try fixture.store.job(id))
        #expect(!String(decoding: message.body(queued, now: fixture.time.now), as: UTF8.self).contains(Self.secret))
    }

    @Test(arguments: ["again", "like"])
    func `pictures that were sent along are filled in for that client alone`(way: String) throws {
        let addresses = #"["https://bucket.example/a.png?X-Amz-Signature=a-secret", "data:image/png;base64,aVNlY3JldA=="]"#
        let fixture = WebFixture()
        let id = try JobDriver(fixture, members: ", \"model\": \"flux\", \"width\": 640, \"image_urls\": \(addresses)").id
        for (address, isShown) in [(WebFixture.address, true), ("198.51.100.7", false)] {
            let form = try fixture.get("/?\(way)=\(id)", address: address).text
            #expect(form.contains("a-secret") == isShown)
            #expect(form.contains("aVNlY3JldA==") == isShown)
            #expect(form.contains("name=\"width\" value=\"640\""))
            for path in ["/api/jobs/\(id)", "/jobs/\(id)", "/jobs/\(id).md", "/mine?ids=\(id)"] {
                let answer = try fixture.get(path, address: address).text
                #expect(!answer.contains("a-secret"))
                #expect(!answer.contains("aVNlY3JldA=="))
            }
        }
    }
}
