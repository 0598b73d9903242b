import FoundationEssentials
package import HTTPTypes
package import Jobs
package import KreaAPI
import Synchronization
@testable import krea_simulator

/// Carries requests to the rules of the simulator in no real time: what a call takes passes on the clock of the test.
///
/// Krea has a clock of its own, which nobody puts forward or back.
package final class SimulatedTransport: Transport {
    /// How long a call takes when nothing is wrong with it.
    package static let latency: Duration = .milliseconds(120)

    /// How all of Krea can be away.
    package enum Outage: Sendable, CaseIterable {
        /// No connection can be made.
        case unreachable
        /// Whatever is asked, something before Krea answers with 503.
        case unavailable
        /// Nobody answers.
        case silent
    }

    private struct State {
        var krea: SimulatedKrea
        var calls: [KreaCall] = []
        var outage: Outage?
        var failsSubmissions = false
        var whenCalling: (@Sendable (_ address: String) -> Void)?
    }

    private let time: TestTime
    private let state: Mutex<State>

    /// A Krea that needs `runSeconds` for a picture. `words` hold for every job, as in a prompt.
    ///
    /// - Parameters:
    ///   - history: How many jobs the account has already.
    ///   - listedBytes: How many bytes more each job has in a list.
    ///   - listedTime: How the list writes when a job was created.
    package init(
        time: TestTime, runSeconds: Double = 12, current: Bool = false, backlog: Int? = nil, concurrency: Int? = nil, words: [String] = [],
        history: Int = 0, listedBytes: Int = 0, listedTime: String = "iso"
    ) {
        self.time = time
        var settings = SimulatedKrea.Settings()
        settings.dialect = current ? .current : .spring
        settings.walk = .lasting(Int64(runSeconds * 1000))
        settings.backlog = backlog
        settings.concurrency = concurrency
        settings.always = try! Switches(words: words)
        settings.history = history
        settings.listedBytes = listedBytes
        settings.listedTime = TimeForm(rawValue: listedTime)!
        state = Mutex(State(krea: SimulatedKrea(settings: settings)))
    }

    /// Krea changes its routes and members from one moment to the next.
    package func modernise() {
        state.withLock { $0.krea.settings.dialect = .current }
    }

    /// From now on these words hold for every job, as in a prompt.
    package func always(_ words: [String]) {
        state.withLock { $0.krea.settings.always = try! Switches(words: words) }
    }

    /// From now on the list writes times like this, and each job in it has so many bytes more.
    package func setList(time form: String, bytes: Int = 0) {
        state.withLock { state in
            state.krea.settings.listedTime = TimeForm(rawValue: form)!
            state.krea.settings.listedBytes = bytes
        }
    }

    /// Others with the same account make so many jobs, one a millisecond.
    package func crowd(_ count: Int) {
        let now = time.kreaNow.milliseconds
        var request = HTTPRequest(method: .post, scheme: "https", authority: "api.krea.ai", path: "/generate/image/bfl/flux-1-dev")
        request.headerFields = [.authorization: "Bearer simulator", .contentType: "application/json"]
        state.withLock { state in
            for number in 0..<Int64(count) {
                _ = state.krea.exchange(request, body: Array(#"{"prompt": "another"}"#.utf8), at: now + number)
            }
        }
    }

    /// Every call so far, in the order of arrival.
    package var calls: [KreaCall] { state.withLock { $0.calls } }

    /// From now on Krea is away like this; nil for there again.
    package func setOutage(_ outage: Outage?) {
        state.withLock { $0.outage = outage }
    }

    /// From now on Krea answers every submission with 500 and creates nothing; all else goes on.
    package func failSubmissions(_ isFailing: Bool) {
        state.withLock { $0.failsSubmissions = isFailing }
    }

    /// Krea calls here: `body` gets the address of each webhook. Without it, webhooks get lost.
    package func whenCalling(_ body: @escaping @Sendable (_ address: String) -> Void) {
        state.withLock { $0.whenCalling = body }
    }

    /// Sends the webhooks that are due. Returns whether there was one.
    package func sendWebhooks() -> Bool {
        let due = state.withLock { $0.krea.dueWebhooks(at: time.kreaNow.milliseconds) }
        call(due)
        return !due.isEmpty
    }

    /// When the next webhook is due, as the clock of this test shows it then.
    package var nextWebhook: Timestamp? {
        let now = time.kreaNow
        return state.withLock { $0.krea.nextEvent(after: now.milliseconds) }.map { time.now + .milliseconds($0 - now.milliseconds) }
    }

    private func call(_ webhooks: [Webhook]) {
        let body = state.withLock { $0.whenCalling }
        for webhook in webhooks { body?(webhook.url.absoluteString) }
    }

    /// The latest answer reached nobody: its process ended first. Nobody can know of a 429 in it.
    package func loseLatestAnswer() {
        state.withLock { state in
            if !state.calls.isEmpty { state.calls[state.calls.count - 1].status = nil }
        }
    }

    package func exchange(
        _ request: HTTPRequest, body: [UInt8], timeout: Duration
    ) async throws(TransportError) -> (HTTPResponse, [UInt8]) {
        let arrived = time.kreaNow
        if let outage = state.withLock({ $0.outage }) {
            guard outage != .unreachable else { throw .notSent(reason: "connection refused") }
            let answer: HTTPResponse? = outage == .unavailable ? HTTPResponse(status: .serviceUnavailable) : nil
            time.advance(by: answer == nil ? timeout : Self.latency)
            note(request, arrived: arrived, status: answer?.status.code, about: nil, prompt: nil)
            guard let answer else { throw .noAnswer(reason: "timed out") }
            return (answer, [])
        }
        if request.method == .post, state.withLock({ $0.failsSubmissions }) {
            time.advance(by: Self.latency)
            note(request, arrived: arrived, status: 500, about: nil, prompt: nil)
            return (HTTPResponse(status: .internalServerError), [])
        }
        let reaction = state.withLock { $0.krea.exchange(request, body: body, at: arrived.milliseconds) }
        call(reaction.webhooks)
        let duration = min(Self.latency + reaction.duration, timeout)
        time.advance(by: duration)
        note(
            request, arrived: arrived, status: reaction.delivery == .cut ? nil : reaction.response.status.code, about: reaction.jobID,
            prompt: reaction.prompt)
        guard duration < timeout else { throw .noAnswer(reason: "timed out") }
        guard reaction.body.count <= TransportError.answerLimit else { throw .tooLarge }
        switch reaction.delivery {
        case .endless: throw .tooLarge
        case .cut, .truncated, .held: throw .noAnswer(reason: "connection closed")
        case .whole, .dripping: return (reaction.response, reaction.body)
        }
    }
}

extension SimulatedTransport {
    private func note(_ request: HTTPRequest, arrived: Timestamp, status: Int?, about kreaID: String?, prompt: String?) {
        state.withLock { state in
            state.calls.append(
                KreaCall(
                    arrived: arrived, answered: time.kreaNow, method: request.method.rawValue, path: request.path ?? "", status: status,
                    kreaID: kreaID, prompt: prompt))
        }
    }
}

extension Reaction {
    fileprivate var duration: Duration {
        switch delivery {
        case .whole, .cut, .truncated, .endless: .milliseconds(delay)
        case .dripping(let bytes, let pause): .milliseconds(delay + Int64((body.count + bytes - 1) / bytes) * pause)
        case .held: .seconds(86_400)
        }
    }
}
