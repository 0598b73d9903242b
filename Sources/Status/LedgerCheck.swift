import Jobs

/// The audit of the ledger, a part at a time: each call is read once, however often the status is asked for.
struct LedgerCheck {
    /// How many calls are read in one go: some hundredths of a second.
    static let part = 10_000
    /// A submission about which nothing was said to Krea for so long is forgotten. `krea-fcgi audit` forgets none.
    static let memory: Duration = .seconds(86_400)

    private(set) var audit: Audit
    private(set) var lastCall: Int64 = 0
    private let rules: PaceRules

    init(_ rules: PaceRules) {
        self.rules = rules
        audit = Audit(rules)
    }

    /// Reads the next part, up to a call that may still be under way: how that ends is not known yet.
    mutating func goOn(_ store: any StatusStore, at now: Timestamp) throws {
        let calls = try store.calls(after: lastCall, limit: Self.part)
        let settled = calls.prefix { $0.endedAt != nil || now - $0.startedAt > rules.requestTimeout * 2 }
        for call in settled { audit.read(call) }
        guard let last = settled.last else { return }
        lastCall = last.id
        audit.forget(before: last.startedAt - Self.memory)
    }
}
