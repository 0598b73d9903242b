import Jobs

extension AccountPage {
    /// Reads a page of the account's list, requested with `limit` (krea-api.md, section 3.4); nil if the answer is no such page.
    ///
    /// Each job is read by itself; an unreadable one does not affect the others. There are no older jobs only if `next_cursor` is null, or
    /// absent after fewer than `limit` jobs.
    init?(_ answer: KreaAnswer, limit: Int) {
        guard let members = answer.json?.members, let items = members["items"]?.elements, items.count <= AnswerLimits.listed else {
            return nil
        }
        let end: End =
            switch members["next_cursor"] {
            case .null: .last
            case .string(let cursor) where (1...AnswerLimits.cursor).contains(cursor.utf8.count): .next(cursor)
            case nil where items.count < limit: .last
            default: .unknown
            }
        let jobs = items.map { ListedJob(id: $0.members?["job_id"]?.kreaID, createdAt: Timestamp(krea: $0.members?["created_at"])) }
        self.init(jobs: jobs, end: end, kreaTime: answer.date)
    }
}
