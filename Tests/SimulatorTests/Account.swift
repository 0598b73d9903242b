import HTTPTypes

@testable import krea_simulator

/// One client of the simulated Krea in virtual time: it makes requests and reads answers.
final class Account {
    var krea: SimulatedKrea
    var token = "simulator"
    var now: Int64 = 1_800_000_000_000

    init(_ change: (inout SimulatedKrea.Settings) -> Void = { _ in }, seed: UInt64 = 1) {
        var settings = SimulatedKrea.Settings()
        change(&settings)
        krea = SimulatedKrea(settings: settings, seed: seed)
    }

    func request(
        _ method: HTTPRequest.Method, _ path: String, body: [UInt8] = [], fields: HTTPFields = [:]
    ) -> Reaction {
        var request = HTTPRequest(method: method, scheme: "https", authority: "api.krea.ai", path: path, headerFields: fields)
        request.headerFields[.authorization] = "Bearer " + token
        if !body.isEmpty { request.headerFields[.contentType] = "application/json" }
        return krea.exchange(request, body: body, at: now)
    }

    func submit(
        _ body: JSON, to model: String = "google/nano-banana-flash", webhook: String? = nil
    ) -> Reaction {
        var fields = HTTPFields()
        fields[.xWebhookURL] = webhook
        return request(.post, "/generate/image/" + model, body: body.bytes, fields: fields)
    }

    /// Submits a prompt and gives the job's ID, or nil if there was no job.
    func submit(prompt: String) -> String? { submit(["prompt": .string(prompt)]).jobID }

    func poll(_ id: String) -> Reaction { request(.get, "/jobs/" + id) }

    func status(_ id: String) -> String? { poll(id).json?["status"]?.text }

    func status(_ id: String, after milliseconds: Int64) -> String? {
        now += milliseconds
        return status(id)
    }

    /// The IDs of a page and its cursor.
    func list(_ query: String = "") -> (ids: [String], cursor: String?) {
        let page = request(.get, "/jobs" + query).json
        guard case .array(let items) = page?["items"] else { return ([], nil) }
        return (items.compactMap { $0["job_id"]?.text }, page?["next_cursor"]?.text)
    }
}

extension Reaction {
    var code: Int { response.status.code }
    var json: JSON? { try? JSON(body) }
    var text: String { String(decoding: body, as: UTF8.self) }
}
