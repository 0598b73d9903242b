import HTTPClient
import HTTPTypes
import Jobs
import KreaAPI
import Synchronization
import TestSupport
import Testing

/// What Krea's answers mean, the same over every transport: the simulator's rules in no time, and its server over HTTP.
@Suite struct KreaClientTests {
    enum Wire: CaseIterable {
        case virtual
        case http

        func run(_ body: @escaping @Sendable (KreaClient) async throws -> Void) async throws {
            switch self {
            case .virtual:
                try await body(KreaClientTests.client(SimulatedTransport(time: TestTime(), runSeconds: 0)))
            case .http:
                try await withSimulatedServer { base in
                    try await body(KreaClientTests.client(HTTPTransport(client: HTTPClient()), try KreaServer(base)))
                }
            }
        }
    }

    static func client(
        _ transport: any Transport, _ server: KreaServer = .krea, token: String = "simulator", timeout: Duration = .seconds(30)
    ) -> KreaClient {
        KreaClient(server: server, token: { KreaToken(token) }, userAgent: "test", timeout: timeout, transport: transport)
    }

    private static func request(_ prompt: String, _ members: [String: JSONValue] = [:]) throws -> GenerationRequest {
        try GenerationRequest.validate(members.merging(["prompt": .string(prompt)]) { given, _ in given }).request
    }

    @Test func `a call that its proxy does not let through was not sent`() async throws {
        // The simulator is no proxy, and says so.
        try await withSimulatedServer { base in
            let proxy = HTTPProxy(host: "127.0.0.1", port: Int(base.split(separator: ":").last ?? "") ?? 0)
            let krea = Self.client(HTTPTransport(client: HTTPClient(proxy: proxy)))
            let error = await #expect(throws: KreaError.self) { try await krea.submit(Self.request("a lighthouse")) }
            guard case .notSent = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test(arguments: Wire.allCases)
    func `a job is submitted, asked for, listed and cancelled`(wire: Wire) async throws {
        try await wire.run { krea in
            let job = try await krea.submit(Self.request("a lighthouse", ["batch_size": 2, "aspect_ratio": "16:9", "width": 640]))
            #expect(!job.id.isEmpty)
            let completed = try await krea.job(job.id)
            #expect(completed.status == "completed")
            #expect(completed.urls.count == 2)
            #expect(completed.failure == nil)
            #expect(completed.warnings.isEmpty)
            let list = try await krea.jobs(limit: 10)
            #expect(list.jobs.map(\.id) == [job.id])
            #expect(list.jobs.first?.createdAt == job.createdAt)
            try await krea.cancel(job.id)
        }
    }

    @Test(arguments: Wire.allCases, Model.all)
    func `every model of the brief has its route, and gets no more than it takes`(wire: Wire, model: Model) async throws {
        try await wire.run { krea in
            let members: [String: JSONValue] = ["model": .string(model.id), "steps": 20, "image_urls": ["https://example.org/a.png"]]
            let job = try await krea.submit(Self.request("a lighthouse", members))
            #expect(!job.id.isEmpty)
        }
    }

    @Test func `the address to call is sent with the submission alone, and only when there is one`() async throws {
        let wire = RecordingTransport()
        let krea = Self.client(wire)
        _ = try? await krea.submit(["prompt": "x"], to: "bfl/flux-1-dev", webhook: "https://example.org/krea/hook")
        _ = try? await krea.submit(["prompt": "x"], to: "bfl/flux-1-dev")
        _ = try? await krea.job("k")
        #expect(wire.requests.map { $0.headerFields[HTTPField.Name("X-Webhook-URL")!] } == ["https://example.org/krea/hook", nil, nil])
    }

    /// Sends nothing anywhere.
    private final class RecordingTransport: Transport {
        private let sent = Mutex<[HTTPRequest]>([])
        var requests: [HTTPRequest] { sent.withLock(\.self) }

        func exchange(
            _ request: HTTPRequest, body: [UInt8], timeout: Duration
        ) async throws(TransportError) -> (HTTPResponse, [UInt8]) {
            sent.withLock { $0.append(request) }
            throw .notSent(reason: "nobody is there")
        }
    }

    struct Refusal: CustomTestStringConvertible {
        let word: String
        let isExpected: @Sendable (KreaError) -> Bool
        var testDescription: String { word }
    }

    @Test(
        arguments: Wire.allCases,
        [
            Refusal(word: "401") { if case .unauthorised = $0 { true } else { false } },
            Refusal(word: "402") {
                if case .outOfCredit(let words?) = $0 { words.hasPrefix("Your API balance is separate") } else { false }
            },
            Refusal(word: "402-plan") { $0 == .outOfCredit(words: "This model requires a higher plan.") },
            Refusal(word: "402-code") { $0 == .outOfCredit(words: "INSUFFICIENT_BALANCE") },
            Refusal(word: "422-nsfw") { $0 == .contentRefused(.nsfw, words: "The prompt was refused by content moderation.") },
            Refusal(word: "403") { $0 == .forbidden(words: "error code: 1010") },
            Refusal(word: "404") { if case .gone = $0 { true } else { false } },
            Refusal(word: "429") { $0 == .limited(retryAfter: nil) },
            Refusal(word: "429-retry-after:45") { $0 == .limited(retryAfter: .seconds(45)) },
            Refusal(word: "500") { $0 == .trouble(status: 500) },
            Refusal(word: "502") { $0 == .trouble(status: 502) },
            Refusal(word: "524-created") { $0 == .trouble(status: 524) },
            Refusal(word: "garbled") { $0 == .unreadable },
            Refusal(word: "empty") { $0 == .unreadable },
            Refusal(word: "cut") { if case .noAnswer = $0 { true } else { false } },
            Refusal(word: "cut-before") { if case .noAnswer = $0 { true } else { false } },
            Refusal(word: "truncated") { if case .noAnswer = $0 { true } else { false } },
        ])
    func `a submission that went wrong says how`(wire: Wire, refusal: Refusal) async throws {
        try await wire.run { krea in
            do {
                _ = try await krea.submit(Self.request("a lighthouse [[\(refusal.word)]]"))
                Issue.record("\(refusal.word) was taken")
            } catch let error as KreaError {
                #expect(refusal.isExpected(error), "\(error)")
            }
        }
    }

    struct Ending: CustomTestStringConvertible {
        let word: String
        let status: String
        var failure: JobFailure.Code?
        var refusal: ContentRefusal?
        var urls = 0
        var warnings = 0
        var testDescription: String { word }
    }

    @Test(
        arguments: Wire.allCases,
        [
            Ending(word: "failed", status: "failed", failure: .generationFailed),
            Ending(word: "failed-result", status: "failed", failure: .generationFailed),
            Ending(word: "failed-empty", status: "failed"),
            Ending(word: "nsfw", status: "failed", failure: .contentRefused, refusal: .nsfw),
            Ending(word: "ip-detected", status: "failed", failure: .contentRefused, refusal: .ipDetected),
            Ending(word: "violence", status: "failed", failure: .contentRefused, refusal: .violence),
            Ending(word: "personal-info", status: "failed", failure: .contentRefused, refusal: .personalInfo),
            Ending(word: "no-urls-nsfw", status: "completed", failure: .contentRefused, refusal: .nsfw),
            Ending(word: "cancelled", status: "cancelled"),
            Ending(word: "no-urls", status: "completed"),
            Ending(word: "urls-objects", status: "completed", urls: 1),
            Ending(word: "urls-map", status: "completed", urls: 1),
            Ending(word: "foreign-url", status: "completed", warnings: 1),
        ])
    func `a job that ended says how, wherever Krea put it`(wire: Wire, ending: Ending) async throws {
        try await wire.run { krea in
            let job = try await krea.job(try await krea.submit(Self.request("a lighthouse [[\(ending.word)]]")).id)
            #expect(job.status == ending.status)
            #expect(job.failure?.code == ending.failure)
            #expect(job.failure?.refusal == ending.refusal)
            #expect(job.urls.count == ending.urls)
            #expect(job.warnings.count == ending.warnings)
        }
    }

    @Test(arguments: Wire.allCases)
    func `a job that Krea does not know is gone`(wire: Wire) async throws {
        try await wire.run { krea in
            do {
                _ = try await krea.job("no-such-job")
                Issue.record("found")
            } catch let error as KreaError {
                guard case .gone(.some, _) = error else { throw error }
            }
        }
    }

    @Test(arguments: ["slow:60000", "drip"])
    func `an answer that takes too long, head or body, is no answer`(word: String) async throws {
        try await withSimulatedServer { base in
            let krea = Self.client(HTTPTransport(client: HTTPClient()), try KreaServer(base), timeout: .milliseconds(50))
            do {
                _ = try await krea.submit(Self.request("a lighthouse [[\(word)]]"))
                Issue.record("answered")
            } catch let error as KreaError {
                guard case .noAnswer = error else { throw error }
            }
        }
    }

    @Test(arguments: 1...12)
    func `a server that answers anything over HTTP costs the client its time-out at most, and is read or refused`(seed: Int) async throws {
        let words = ["created", "poll", "list", "cancel", "document"].map { "hostile-\($0):\(seed)" }
        try await withSimulatedServer(words: words) { base in
            let krea = Self.client(HTTPTransport(client: HTTPClient()), try KreaServer(base), timeout: .milliseconds(500))
            for _ in 0..<3 {
                let job = try? await krea.submit(Self.request("a lighthouse"))
                #expect(job?.id.utf8.count ?? 1 <= 128)
                #expect(try await krea.answers { _ = try await $0.job(job?.id ?? "k") })
                #expect(try await krea.answers { _ = try await $0.jobs(limit: 100) })
                #expect(try await krea.answers { try await $0.cancel(job?.id ?? "k") })
                #expect(try await krea.answers { _ = try await $0.routes() })
            }
        }
    }

    @Test(arguments: ["http://127.0.0.1:1", "https://no-such-host.invalid"])
    func `a connection that cannot be made proves that nothing was sent`(address: String) async throws {
        let krea = Self.client(HTTPTransport(client: HTTPClient()), try KreaServer(address))
        do {
            _ = try await krea.submit(Self.request("a lighthouse"))
            Issue.record("sent")
        } catch {
            guard case .notSent = error as? KreaError else { throw error }
        }
    }

    @Test func `TLS that fails proves that nothing was sent`() async throws {
        try await withSimulatedServer { base in
            let tls = try KreaServer(base.replacing("http://", with: "https://"))
            do {
                _ = try await Self.client(HTTPTransport(client: HTTPClient()), tls).submit(Self.request("a lighthouse"))
                Issue.record("sent")
            } catch let error as KreaError {
                if case .notSent = error {} else { Issue.record("\(error)") }
            }
        }
    }

    @Test func `whatever prints the client hides the token`() {
        let krea = Self.client(SimulatedTransport(time: TestTime()), token: "secret-token")
        var dumped = ""
        dump(krea, to: &dumped)
        #expect(!"\(krea) \(String(reflecting: krea)) \(dumped)".contains("secret-token"))
    }

    @Test(arguments: ["", "a b", "a\r\nX-Evil: 1", "é"])
    func `a token that no header field can carry is none`(secret: String) {
        #expect(KreaToken(secret) == nil)
    }

    @Test func `the token never stands in an error's log text`() async throws {
        let krea = Self.client(SimulatedTransport(time: TestTime()), token: "secret-token")
        do {
            _ = try await krea.submit(Self.request("a lighthouse"))
            Issue.record("taken")
        } catch let error as KreaError {
            #expect(error == .unauthorised(words: error.words))
            #expect(!error.logText.contains("secret-token"))
        }
    }
}

extension KreaError {
    fileprivate var words: String? {
        switch self {
        case .refused(let words), .contentRefused(_, let words), .unauthorised(let words), .outOfCredit(let words),
            .forbidden(let words), .gone(let words, _):
            words
        case .limited, .trouble, .unreadable, .tooLarge, .notSent, .noAnswer: nil
        }
    }
}

extension KreaClient {
    /// Makes a call that may fail in any way that the client knows. Throws for any other.
    fileprivate func answers(_ call: (KreaClient) async throws -> Void) async throws -> Bool {
        do {
            try await call(self)
        } catch let error as KreaError { return error.logText.utf8.count < 500 }
        return true
    }

    /// Sends a request to the brief's route of its model.
    func submit(_ request: GenerationRequest) async throws -> KreaJob {
        let route = try #require(Catalogue.builtIn.route(for: request.model))
        return try await submit(RouteBody(request, to: route, pictures: request.batchSize ?? 1).members, to: route.path)
    }
}
