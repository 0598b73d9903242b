import Answers
import FoundationEssentials
import HTTPTypes
import Jobs
import Logging
import Synchronization
import TestSupport
import Web

/// An application over a store of its own, at a time that stands still, with IDs that count.
struct WebFixture {
    static let address = "192.0.2.1"
    static let client = Client(user: nil, address: address)

    let time: TestTime
    let store: any JobStore
    let log = LogRecorder()
    /// The number of the dispatcher that a ``JobDriver`` plays.
    let epoch: Int
    /// Whether answers may wait.
    private let mayWait: Bool
    private let application: Application

    /// - Parameter pages: The store that the pages see, if it is another one.
    init(
        settings: Application.Settings = .init(), store: any JobStore = temporaryStore(), pages: (any RequestStore)? = nil,
        keyOwner: KeyOwner? = nil, signedJob: SignedJob? = nil, mayWait: Bool = false
    ) {
        let ids = Counter()
        let time = TestTime()
        self.time = time
        self.store = store
        self.mayWait = mayWait
        epoch = (try? store.takeOver(at: time.now)) ?? 0
        application = Application(
            store: pages ?? store, settings: settings, logger: log.logger, keyOwner: keyOwner, signedJob: signedJob, now: { time.now },
            newID: { .sample(1000 + ids.next()) }, random: \.lowerBound)
    }

    private init(_ other: WebFixture) {
        let ids = Counter()
        (time, store, epoch, mayWait) = (other.time, other.store, other.epoch, other.mayWait)
        application = Application(
            store: store, settings: .init(), logger: log.logger, now: { [time] in time.now }, newID: { .sample(5000 + ids.next()) })
    }

    /// The same store at the same time, and another application, which has answered nothing yet.
    var newcomer: WebFixture { WebFixture(self) }

    func get(
        _ path: String, mount: String? = nil, address: String = address, user: String? = nil, _ fields: HTTPFields = [:]
    ) throws -> Answer {
        try send(.get, path, mount: mount, address: address, user: user, fields, "")
    }

    /// A form post without any header that a browser adds.
    func postForm(_ body: String, to path: String = "/", mount: String? = nil, _ fields: HTTPFields = [:]) throws -> Answer {
        var fields = fields
        fields[.contentType] = fields[.contentType] ?? "application/x-www-form-urlencoded"
        return try send(.post, path, mount: mount, fields, body)
    }

    func postJSON(_ body: String, to path: String = "/api/jobs", mount: String? = nil, _ fields: HTTPFields = [:]) throws -> Answer {
        var fields = fields
        fields[.contentType] = fields[.contentType] ?? "application/json"
        return try send(.post, path, mount: mount, fields, body)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, mount: String? = nil, address: String = address, user: String? = nil,
        _ fields: HTTPFields = [:], _ body: String = ""
    ) throws -> Answer {
        let request = HTTPRequest(method: method, scheme: "http", authority: "pictures.example", path: path, headerFields: fields)
        return try Answer(
            application.respond(
                to: request, mount: mount, user: user, address: address, body: Array(body.utf8), mayWait: mayWait))
    }

    func problem(_ method: HTTPRequest.Method, _ path: String?, _ fields: HTTPFields = [:]) -> Answer {
        let request = HTTPRequest(method: method, scheme: "http", authority: "pictures.example", path: path, headerFields: fields)
        let (response, body) = application.problem(
            for: request, status: .contentTooLarge, code: "body_too_large", sentence: "The body is larger than 5 bytes.", requestID: "r-17")
        return Answer(Answers.Answer(response, body))
    }

    /// The jobs of the client that asks unless told otherwise, the newest first.
    var jobs: [Job] {
        get throws { try store.jobs(JobQuery(client: Self.client)).items.map(\.job) }
    }
}

/// What came back.
struct Answer {
    let status: Int
    let fields: HTTPFields
    let text: String
    /// What the rest of the body waits for, if it comes later.
    let wait: Wait?

    /// An answer without a head has the status 0.
    init(_ answer: Answers.Answer) {
        status = answer.response?.status.code ?? 0
        fields = answer.response?.headerFields ?? [:]
        text = String(decoding: answer.body, as: UTF8.self)
        wait = answer.wait
    }

    subscript(name: HTTPField.Name) -> String? { fields[name] }
    subscript(name: String) -> String? { fields[HTTPField.Name(name)!] }

    /// The members of the JSON object that the body is.
    var json: [String: JSONValue] {
        (try? JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))) ?? [:]
    }

    /// The value of the hidden field of a form.
    var formToken: String? {
        text.firstRange(of: "name=\"form_token\" value=\"").map { String(text[$0.upperBound...].prefix(36)) }
    }
}

/// 1, 2, 3, …
final class Counter: Sendable {
    private let last = Mutex<UInt64>(0)

    func next() -> UInt64 {
        last.withLock { last in
            last += 1
            return last
        }
    }
}

/// A store that cannot be read or written.
struct BrokenStore: RequestStore {
    struct Failure: Error {}

    let rules = PaceRules()
    let limits = QueueLimits()
    let version: StoreVersion? = nil

    func proveReadable() throws { throw Failure() }
    func accept(_ job: Job, key: String?) throws -> Acceptance { throw Failure() }
    func allowance(of client: Client, at now: Timestamp) throws -> Allowance { throw Failure() }
    func job(_ id: JobID) throws -> QueuedJob? { throw Failure() }
    func job(_ id: JobID, of request: GenerationRequest) throws -> QueuedJob? { throw Failure() }
    func jobs(_ query: JobQuery) throws -> JobPage { throw Failure() }
    func wasRemoved(_ id: JobID) throws -> Bool { throw Failure() }
    func cancel(_ id: JobID, at now: Timestamp) throws -> QueuedJob { throw Failure() }
    func resume(_ id: JobID, at now: Timestamp) throws -> QueuedJob { throw Failure() }
    func catalogue() throws -> Catalogue { throw Failure() }
    func noteKreaWebhook(_ key: WebhookKey, at now: Timestamp) throws -> JobID? { throw Failure() }
}
