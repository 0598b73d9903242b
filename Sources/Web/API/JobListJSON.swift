import HTTPTypes
import Jobs

/// One page of a client's list of jobs, the newest first.
struct JobListJSON: JSONWritable {
    let items: [JobJSON]
    /// The `cursor` of the next page; null on the last.
    let nextCursor: String?

    /// How many times the store is read for one page, at most.
    private static let mostReads = 4

    /// Reads the page that `query` asks for. Throws what the store throws.
    ///
    /// - Parameter isForOwner: Whether the client is identified, and not just by an address that people may share.
    init(_ query: JobListQuery, of client: Client, isForOwner: Bool, in store: any RequestStore, at links: Links, now: Timestamp) throws {
        var found: [QueuedJob] = []
        var page = JobQuery(client: client, limit: query.limit, after: query.cursor, before: query.before, states: query.states)
        // The store filters by state, not by Krea's words, so more may have to be read; not endlessly, since reading takes memory and time. The
        // store returns fewer than asked for if requests are large; then these are the page.
        var (reads, isLarge) = (0, false)
        repeat {
            let next = try store.jobs(page)
            found += next.items.filter { query.status == nil || $0.job.status == query.status }
            isLarge = next.items.count < page.limit && !found.isEmpty
            page.after = next.next
            reads += 1
        } while found.count < query.limit && page.after != nil && !isLarge && reads < Self.mostReads

        let isCut = found.count > query.limit
        let items = found.prefix(query.limit)
        self.items = items.map { JobJSON(JobView($0, now: now, rules: store.rules), at: links, isForOwner: isForOwner) }
        nextCursor = (isCut ? items.last?.job.id : page.after)?.description
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("items", items)
            json.member("next_cursor", nextCursor)
        }
    }
}

/// The `limit`, `cursor` and `status` of a list; Krea's other parameters have no meaning here.
struct JobListQuery: Equatable {
    var limit = 100
    /// Where our own lists continue.
    var cursor: JobID?
    /// Where lists continue for programs written for Krea, whose cursors are times.
    var before: Timestamp?
    /// The states of the jobs; nil for all.
    var states: Set<JobState>?
    /// The status that they must also have; nil if the states suffice.
    var status: String?

    static let limits = 1...1000
    /// All words for a status.
    static let words = pending + JobState.allCases.map(\.rawValue)
    /// Krea's nine words.
    static let kreaWords = pending + ["completed", "failed", "cancelled"]
    /// The words for a job that has not ended.
    private static let pending = ["backlogged", "queued", "scheduled", "processing", "sampling", "intermediate-complete"]

    /// Throws ``Refusal`` for an invalid value.
    init(_ query: String) throws(Refusal) {
        let fields = FormFields(query: query)
        guard !["limit", "cursor", "status"].contains(where: fields.isUnreadable) else {
            throw Refusal(.malformedAddress)
        }
        if let text = fields["limit"] {
            guard let limit = Int(text), Self.limits.contains(limit) else {
                throw Refusal(.badParameter(.limit(brief(text))))
            }
            self.limit = limit
        }
        if let text = fields["cursor"] {
            cursor = JobID(text)
            before = Timestamp(iso8601: text)
            guard cursor != nil || before != nil else { throw Refusal(.badParameter(.cursor(brief(text)))) }
        }
        if let word = fields["status"] { try filter(by: word) }
    }

    private mutating func filter(by word: String) throws(Refusal) {
        if word == "failed" {
            states = [.failed, .timedOut]
        } else if Self.pending.contains(word) {
            states = Set(JobState.allCases.filter { !$0.isFinished })
            status = word
        } else if let state = JobState(rawValue: word) {
            states = [state]
        } else {
            throw Refusal(.badParameter(.status(brief(word))))
        }
    }

    private func brief(_ text: String) -> String { JSONValue.string(text).brief }
}
