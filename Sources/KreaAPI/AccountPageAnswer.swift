import Jobs

extension AccountPage {
    /// Reads a page of the account's list (krea-api.md, section 3.4) that was asked for with `limit`; nil when it is none.
    ///
    /// Each job is read for itself: what cannot be read of one says nothing of the others. Only a `next_cursor` of null, or none at all
    /// after fewer jobs than were asked for, says that there are no older ones.
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
