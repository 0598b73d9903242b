import Jobs

/// A job for programs: Krea's five members, and ours. Members are in the order of their names.
struct JobJSON: JSONWritable {
    let view: JobView
    let links: Links
    /// Whether it has what only the job's owner may know; then no shared cache may keep it.
    let isForOwner: Bool

    init(_ view: JobView, at links: Links, isForOwner: Bool = false) {
        self.view = view
        self.links = links
        self.isForOwner = isForOwner
    }

    func write(to json: inout JSONWriter) {
        let job = view.job
        json.object { json in
            json.member("cancel_requested", job.isCancelWanted)
            json.member("completed_at", job.finishedAt?.iso8601)
            json.member("created_at", job.createdAt.iso8601)
            json.member("error", job.failure)
            json.member("expected_at", view.expectedAt?.iso8601)
            json.member("failed_attempts", job.failedAttempts)
            json.member("job_id", job.id.description)
            json.member("message", view.message)
            json.member("model", job.usedModels)
            json.member("parts", job.submissions)
            json.member("position", view.position)
            json.member("prompt", job.request.prompt)
            json.member("request", JSONValue.object(settings))
            json.member("requested_model", job.request.model.name)
            json.member("result", result)
            json.member("starts_at", view.startsAt?.iso8601)
            json.member("state", job.state.rawValue)
            json.member("status", job.status)
            json.member("warnings", job.warnings.map(\.sentence))
            json.member("webhook", job.delivery.map { Webhook(delivery: $0, isForOwner: isForOwner) })
        }
    }

    /// The request without model, prompt and pictures, which can be large.
    private var settings: [String: JSONValue] {
        Dictionary(
            uniqueKeysWithValues: view.job.request.values.filter { !$0.key.holdsPictures }.map { ($0.key.rawValue, $0.value) })
    }

    private var result: Result? {
        guard view.job.state == .completed else { return nil }
        return Result(urls: view.job.urls, keptURLs: view.job.urls.map { view.copy(of: $0, at: links) })
    }

    private struct Result: JSONWritable {
        /// At Krea.
        let urls: [String]
        /// Our copies of the same pictures; null for a picture without a copy.
        let keptURLs: [String?]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("kept_urls", keptURLs)
                json.member("urls", urls)
            }
        }
    }

    /// The receiver of the job's end, and the state of the delivery.
    private struct Webhook: JSONWritable {
        let delivery: WebhookDelivery
        let isForOwner: Bool

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("attempts", delivery.attempts)
                json.member("host", delivery.host)
                json.member("next_attempt_at", delivery.nextAttemptAt?.iso8601)
                json.member("state", delivery.state.rawValue)
                // Only for the owner: many receivers take messages from anyone who knows their address.
                json.member("url", isForOwner ? delivery.url : nil)
            }
        }
    }
}

/// One of the job's jobs at Krea.
extension Submission: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("error", failure)
            json.member("failed_attempts", failedAttempts)
            json.member("krea_status", kreaStatus)
            json.member("route", route)
            json.member("state", state.rawValue)
            json.member("urls", urls)
        }
    }
}

extension JobFailure: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("code", code.rawValue)
            json.member("detail", ifAny: detail)
            json.member("message", message)
            json.member("reason", ifAny: refusal?.rawValue)
        }
    }
}
