import Dispatch
import HTTPTypes
import Jobs
import KreaAPI
import Synchronization
import TestSupport
import Web

/// A client of Krea whose every answer is hostile, and what the answers do to a job, the pace, the catalogue and the pages.
package enum KreaFuzz {
    /// Lets the answer that the input says be the one to everything. Throws a ``Finding``. Not to be called where a thread may not wait.
    package static func run(_ input: [UInt8]) throws {
        let script = KreaScript(input)
        let outcome = Mutex<Result<Void, any Error>>(.success(()))
        let end = DispatchSemaphore(value: 0)
        Task.detached {
            var world = FuzzedKrea(script.answer)
            let result: Result<Void, any Error>
            do { result = .success(try await world.ask(script.question)) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
            end.signal()
        }
        end.wait()
        try outcome.withLock { try $0.get() }
    }
}

/// One job, one answer.
private struct FuzzedKrea {
    private let time = TestTime()
    private let store: any JobStore = temporaryStore()
    private let krea: KreaClient
    private let application: Application

    init(_ answer: FixedAnswer) {
        krea = KreaClient(
            server: .krea, token: { KreaToken("t") }, userAgent: "fuzz", timeout: .seconds(1), transport: answer)
        let time = time
        application = Application(
            store: store, settings: .init(hasToken: true, keepsPictures: true), logger: LogRecorder().logger, now: { time.now },
            newID: { .sample(2) })
    }

    mutating func ask(_ question: KreaScript.Question) async throws {
        _ = try store.accept(.sample(1, members: ["batch_size": 2], at: time.now), key: nil)
        let epoch = try store.takeOver(at: time.now)
        let (call, _) = try store.claimSubmit(by: epoch, at: time.now).granted()
        do {
            switch question {
            case .submit:
                try store.recordSubmit(.answered(checked(try await krea.submit(["prompt": "x"], to: "a/b"))), for: call, at: time.now)
            case .job:
                try store.recordSubmit(.answered(KreaJob(id: "k1", status: "queued")), for: call, at: time.now)
                try await poll(epoch)
            case .list:
                try store.recordSubmit(.noAnswer, for: call, at: time.now)
                try await list(epoch)
            case .routes: try await routes(epoch)
            case .cancel: try await krea.cancel("k1")
            }
        } catch let error as KreaError { try check(error, epoch) }
        try checkJob()
        try checkPages(question == .routes ? Self.pagesOfRoutes : Self.pagesOfJob)
    }

    private func poll(_ epoch: Int) async throws {
        time.advance(by: .seconds(6))
        let (call, _) = try store.claimPoll(by: epoch, at: time.now).granted()
        try store.recordPoll(.answered(checked(try await krea.job("k1"))), for: call, at: time.now)
    }

    /// What is said of a list must not be a proof when Krea's time is missing or a job of it cannot be judged.
    private func list(_ epoch: Int) async throws {
        time.advance(by: .seconds(60))
        let (call, _) = try store.claimList(by: epoch, at: time.now).granted()
        let page = try await krea.jobs(limit: 100)
        guard page.jobs.count <= 2000, page.jobs.allSatisfy({ $0.id?.utf8.count ?? 0 <= 128 }) else { throw Finding("A list is long.") }
        let list = AccountList(page, askedAt: call.startedAt)
        let found = try store.recordList(.answered(list), for: call, at: time.now) { _ in false }
        let mayBeMissing =
            page.kreaTime == nil || page.end != .last && page.jobs.isEmpty
            || page.jobs.allSatisfy { $0.createdAt == nil } && !page.jobs.isEmpty
        if mayBeMissing, found.settled.contains(where: { $0.state == .waiting }) { throw Finding("Absence is proved by nothing.") }
    }

    private func routes(_ epoch: Int) async throws {
        let call = try store.claimCatalogue(by: epoch, at: time.now).granted()
        let routes = try await krea.routes()
        guard routes.count <= 500 else { throw Finding("There are \(routes.count) routes.") }
        try store.recordCatalogue(.answered(routes), for: call, at: time.now)
        let catalogue = try store.catalogue()
        guard try JSONDecoding.roundTrip(catalogue) == catalogue else { throw Finding("The catalogue is not kept as it is.") }
        for model in Model.all {
            for members: [String: JSONValue] in [
                [:], ["aspect_ratio": "16:9"], ["width": 640, "height": 640, "seed": 1], ["batch_size": 4],
            ] {
                let all = members.merging(["model": .string(model.id), "prompt": "a lighthouse"]) { given, _ in given }
                guard let request = try? GenerationRequest.validate(all, by: catalogue).request, let route = catalogue.route(for: model)
                else { continue }
                _ = RouteBody(request, to: route, pictures: 4).price
                guard try JSONDecoding.roundTrip(RouteBody(request, to: route, pictures: 1).members).count < 30 else {
                    throw Finding("A body is long.")
                }
            }
        }
    }

    private func check(_ error: KreaError, _ epoch: Int) throws {
        guard error.logText.utf8.count < 200 else { throw Finding("A log says \(error.logText).") }
        guard case .limited(let retryAfter) = error else { return }
        var pace = Pace()
        pace.recordSubmit(.rateLimited(retryAfter: retryAfter), at: time.now, rules: store.rules)
        guard let moment = pace.submitAllowedAt, moment <= time.now + .seconds(3600) else {
            throw Finding("Krea wants silence until \(String(describing: pace.submitAllowedAt)).")
        }
    }

    private func checked(_ krea: KreaJob) throws -> KreaJob {
        guard (1...128).contains(krea.id.utf8.count), krea.id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Finding("An ID is \(krea.id.prefix(40)).")
        }
        guard (1...40).contains(krea.status.utf8.count) else { throw Finding("A status has \(krea.status.utf8.count) bytes.") }
        guard krea.urls.count <= 16, krea.urls.allSatisfy({ $0.utf8.count <= 2048 }) else { throw Finding("Addresses are many or long.") }
        guard krea.failure?.detail?.unicodeScalars.count ?? 0 <= 500 else { throw Finding("Words are long.") }
        return krea
    }

    /// No more pictures than can have been asked for.
    private func checkJob() throws {
        guard let job = try store.job(.sample(1))?.job else { throw Finding("The job is lost.") }
        guard job.submissions.allSatisfy({ $0.urls.count <= $0.pictures }) else {
            throw Finding("There are \(job.urls.count) pictures.")
        }
    }

    private static let pagesOfJob = ["jobs/", "api/jobs/", "jobs/.txt", "jobs/.md"].map { path in
        path.contains(".") ? "/jobs/\(JobID.sample(1))" + path.dropFirst("jobs/".count) : "/\(path)\(JobID.sample(1))"
    }
    private static let pagesOfRoutes = ["/", "/api/models", "/api/openapi.json"]

    private func checkPages(_ paths: [String]) throws {
        for path in paths {
            let request = HTTPRequest(method: .get, scheme: "http", authority: "pictures.example", path: path)
            let answer = try FuzzedAnswer(
                application.respond(to: request, mount: nil, user: nil, address: "192.0.2.1", body: [], mayWait: false))
            do {
                try answer.check(mayBeUnavailable: false)
                guard answer.text.utf8.count < 1 << 18 else { throw Finding("It has \(answer.text.utf8.count) bytes.") }
            } catch let finding as Finding { throw Finding("\(path): \(finding)\n\(answer.text.prefix(2000))") }
        }
    }
}
