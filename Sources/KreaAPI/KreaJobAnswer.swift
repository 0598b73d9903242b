import Jobs

extension KreaJob {
    /// Reads a job as Krea describes it (krea-api.md, section 3.3); nil when it has no ID or no status.
    ///
    /// Addresses that `server` may not show are left out with a warning.
    init?(_ value: JSONValue, server: KreaServer) {
        guard let members = value.members, let id = members["job_id"]?.text, !id.isEmpty, let status = members["status"]?.text
        else { return nil }
        let result = members["result"]?.members
        let addresses = Self.addresses(in: result?["urls"])
        let urls = addresses.filter(server.mayShow)
        self.init(
            id: id, status: status, createdAt: members["created_at"]?.text.flatMap(Timestamp.init(iso8601:)), urls: urls,
            failure: Self.failure(status: status, error: members["error"], resultError: result?["error"]))
        let dropped = addresses.count - urls.count
        if dropped > 0 {
            warnings = ["\(dropped) of \(addresses.count) picture addresses were left out: they are not on Krea's hosts."]
        }
    }

    /// The addresses in `result.urls`: a list of texts, a list of objects with a `url`, or a map of either.
    private static func addresses(in value: JSONValue?) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(addresses)
        case .object(let members):
            members["url"].map(addresses) ?? members.sorted { $0.key < $1.key }.flatMap { addresses(in: $0.value) }
        case .null, .bool, .number, nil: []
        }
    }

    /// Why a job failed: `error.message`, `error.code`, or `result.error` as a text or an object of that kind.
    private static func failure(status: String, error: JSONValue?, resultError: JSONValue?) -> JobFailure? {
        let reasons = [error, resultError].compactMap(\.self).flatMap { value in
            [value.members?["message"]?.text, value.members?["code"]?.text, value.text].compactMap(\.self)
        }
        guard let reason = reasons.first else { return nil }
        let isAboutContent = reasons.contains { text in contentReasons.contains { text.lowercased().contains($0) } }
        return JobFailure(isAboutContent ? .contentRefused : .generationFailed, detail: String(reason.prefix(500)))
    }

    /// The words by which Krea names a refusal of content.
    private static let contentReasons = ["nsfw", "ip_detected", "violence", "personal_info", "moderation"]
}
