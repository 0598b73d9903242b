import HTTPTypes
import Jobs
import Synchronization
import TestSupport
import Web

/// An application over a store of its own that hostile clients ask.
package enum WebFuzz {
    /// Sends the requests that the input says, one after the other, and checks each answer. Throws a ``Finding``.
    package static func run(_ input: [UInt8]) throws {
        let script = WebScript(input)
        var world = FuzzedWorld(script.settings)
        for entry in script.entries { try world.send(entry) }
    }
}

/// What is known of one life of the application.
private struct FuzzedWorld {
    private let store = temporaryStore(limits: Self.limits)
    private let log = LogRecorder()
    private let time = TestTime()
    private let application: Application
    private let mayWait: Bool
    private let hasToken: Bool
    private var jobs: [Job] = []
    /// The keys that have brought a job, by whoever used them.
    private var used: Set<String> = []

    private static var limits: QueueLimits {
        var limits = QueueLimits()
        (limits.total, limits.perClient) = (8, 5)
        return limits
    }

    /// - Parameter words: Which settings are on.
    init(_ words: Set<String>) {
        let ids = Counter()
        let time = time
        let site = Origins("https://example.org") ?? .none
        hasToken = !words.contains("tokenless")
        mayWait = words.contains("watchers")
        let settings = Application.Settings(
            hasToken: hasToken, isSimulated: words.contains("simulated"),
            webhookHosts: WebhookHosts("hooks.example.org", simulated: false) ?? .none, keepsPictures: words.contains("pictures"),
            corsOrigins: words.contains("cors") ? site : .none, embedOrigins: words.contains("embed") ? site : .none,
            requiresUser: words.contains("users"))
        let owner: KeyOwner = { $0 == "key" ? Client(keyName: "shop") : nil }
        let signed: SignedJob = { _, signature in signature.isEmpty ? nil : .sample(7) }
        application = Application(
            store: store, settings: settings, logger: log.logger, keyOwner: words.contains("keys") ? owner : nil,
            signedJob: words.contains("signed") ? signed : nil, now: { time.now }, newID: { .sample(1000 + ids.next()) })
    }

    mutating func send(_ entry: WebScript.Entry) throws {
        var target = entry.target
        for (index, job) in jobs.enumerated().prefix(10) { target = target.replacing("$\(index)", with: job.id.description) }
        let request = HTTPRequest(
            method: entry.method, scheme: "http", authority: "pictures.example", path: target, headerFields: entry.fields)
        let answer: FuzzedAnswer
        do {
            answer = try FuzzedAnswer(
                application.respond(
                    to: request, mount: entry.variables["SCRIPT_NAME"], user: entry.variables["REMOTE_USER"],
                    address: entry.variables["REMOTE_ADDR"], body: entry.body, mayWait: mayWait), pass: time.advance)
        } catch { throw Finding("\(entry.method) \(target) throws \(error).") }
        do {
            try answer.check(mayBeUnavailable: !hasToken)
            try checkJobs(entry, answer)
            try checkOwners(entry, target, answer)
            try checkSecrets(entry, target, answer)
        } catch let finding as Finding {
            throw Finding("\(entry.method) \(target) \(answer.status): \(finding)\n\(answer.text.prefix(2000))")
        }
    }

    /// A refused request makes no job, any other at most one, and a key never two.
    private mutating func checkJobs(_ entry: WebScript.Entry, _ answer: FuzzedAnswer) throws {
        let now = try store.jobs(JobQuery(client: nil, limit: 1000)).items.map(\.job)
        let made = now.filter { job in !jobs.contains { $0.id == job.id } }
        let wantsPicture = entry.method == .get || entry.method == .head
        guard made.count <= (answer.status < 400 ? 1 : 0),
            made.isEmpty || entry.method == .post || wantsPicture && made[0].client == .signed
        else { throw Finding("\(made.count) jobs were made.") }
        jobs += made
        guard let job = made.first, entry.method == .post else { return }
        for key in Self.keys(entry) {
            guard used.insert("\(entry.variables["REMOTE_USER"] ?? "") \(key)").inserted else {
                throw Finding("A key has made two jobs, the second \(job.id).")
            }
        }
    }

    /// What says that two requests are the same: the key, and for a form its token with all that was typed.
    private static func keys(_ entry: WebScript.Entry) -> [String] {
        let body = String(decoding: entry.body, as: UTF8.self)
        let address = entry.variables["REMOTE_ADDR"] ?? ""
        let authorization = entry.fields[.authorization] ?? ""
        let isForm = (entry.fields[.contentType] ?? "").hasPrefix("application/x-www-form-urlencoded")
        guard isForm else { return entry.fields[HTTPField.Name("Idempotency-Key")!].map { ["\(address) \(authorization) \($0)"] } ?? [] }
        let prefix = "form_token="
        guard body.hasPrefix(prefix), JobID(body.dropFirst(prefix.count).prefix { $0 != "&" }) != nil else { return [] }
        return [body]
    }

    /// A user's jobs are shown to nobody else.
    private func checkOwners(_ entry: WebScript.Entry, _ target: String, _ answer: FuzzedAnswer) throws {
        let user = entry.variables["REMOTE_USER"].flatMap { $0.isEmpty ? nil : Client(user: $0, address: nil) }
        let asked = "\(target) \(entry.fields) \(String(decoding: entry.body, as: UTF8.self))".lowercased()
        for job in jobs where job.client.isUser && job.client != user {
            let isNamed = asked.contains(job.id.description)
            if answer.text.contains(job.id.description), !isNamed || answer.isJSON && answer.status < 400 {
                throw Finding("Another user's job is shown.")
            }
        }
        guard answer.isJSON, let items = answer.json?.members?["items"]?.elements, target.contains("api/jobs") else { return }
        let owners = Set(jobs.filter { job in items.contains { $0.members?["job_id"]?.text == job.id.description } }.map(\.client.key))
        guard owners.count <= 1 else { throw Finding("A list has jobs of \(owners).") }
    }

    /// A prompt is in no error and in no log.
    private func checkSecrets(_ entry: WebScript.Entry, _ target: String, _ answer: FuzzedAnswer) throws {
        let secret = "krea-secret"
        guard !log.lines.contains(where: { $0.contains(secret) }) else { throw Finding("A prompt is in the log.") }
        guard answer.status >= 400, answer.isJSON, let body = try? JSONDecoding.value(entry.body).members,
            body["prompt"]?.text?.contains(secret) == true
        else { return }
        let others = body.filter { $0.key != "prompt" }
        guard !"\(entry.method) \(target) \(entry.fields) \(others)".contains(secret) else { return }
        if answer.text.contains(secret) { throw Finding("A prompt is in an error.") }
    }
}

/// 1, 2, 3, …
private final class Counter: Sendable {
    private let last = Mutex<UInt64>(0)

    func next() -> UInt64 {
        last.withLock { last in
            last += 1
            return last
        }
    }
}
