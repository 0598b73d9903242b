import Jobs

extension KreaJob {
    /// Reads a job in Krea's form (krea-api.md, section 3.3); nil if it has no ID or no status.
    ///
    /// Addresses that may not be shown are kept apart, with a warning. Addresses beyond the possible number are not read.
    init?(_ value: JSONValue, mayShow: (String) -> Bool) {
        guard let members = value.members, let id = members["job_id"]?.kreaID, let status = members["status"]?.status else { return nil }
        let result = members["result"]?.members
        let addresses = Self.addresses(in: result?["urls"]).prefix(AnswerLimits.addresses)
        let readable = addresses.filter { $0.utf8.count <= AnswerLimits.address }
        let urls = readable.filter(mayShow)
        self.init(
            id: id, status: status, createdAt: Timestamp(krea: members["created_at"]), urls: urls,
            foreignURLs: Array(readable.filter { !mayShow($0) }.prefix(Self.mostForeign)), failure: KreaReasons(members).failure)
        let dropped = addresses.count - urls.count
        if dropped > 0 { warnings = [.strangeAddresses(dropped, of: addresses.count)] }
    }

    /// How many addresses that may not be shown are kept: more than a job has pictures.
    private static let mostForeign = 8

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
}
