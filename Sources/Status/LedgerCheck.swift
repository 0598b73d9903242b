import Jobs

/// Audits the ledger in parts. Each call is read once, however often the status is requested.
struct LedgerCheck {
    /// Calls in one part; they take some hundredths of a second.
    static let part = 10_000
    /// How long after its latest call a submission is forgotten. `krea-fcgi audit` forgets none.
    static let memory: Duration = .seconds(86_400)

    private(set) var audit: Audit
    private(set) var lastCall: Int64 = 0
    private let rules: PaceRules

    init(_ rules: PaceRules) {
        self.rules = rules
        audit = Audit(rules)
    }

    /// Reads the next part, up to the first call that may still be under way.
    mutating func readNext(_ store: any StatusStore, at now: Timestamp) throws {
        let calls = try store.calls(after: lastCall, limit: Self.part)
        let settled = calls.prefix { $0.endedAt != nil || now - $0.startedAt > rules.requestTimeout * 2 }
        for call in settled { audit.read(call) }
        guard let last = settled.last else { return }
        lastCall = last.id
        audit.forget(before: last.startedAt - Self.memory)
    }
}
