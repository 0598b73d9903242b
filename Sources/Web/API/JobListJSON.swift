import HTTPTypes
import Jobs

/// A part of a client's list of jobs, the newest first.
struct JobListJSON: JSONWritable {
    let items: [JobJSON]
    /// The `cursor` of the next part; null when this is the last.
    let nextCursor: String?

    /// How often the store is read for one part.
    private static let mostReads = 4

    /// Reads the part that `query` asks for. Throws what the store throws.
    ///
    /// - Parameter isForOwner: Whether the client is known, and not only an address that several people may share.
    init(_ query: JobListQuery, of client: Client, isForOwner: Bool, in store: any JobStore, at links: Links, now: Timestamp) throws {
        var found: [QueuedJob] = []
        var page = JobQuery(client: client, limit: query.limit, after: query.cursor, before: query.before, states: query.states)
        // A store knows states and not Krea's words, so a part of what it finds may be left out, and then more is needed; not without end, for
        // what is read takes memory and time. A store gives fewer than asked for where requests are large, and then this is the part.
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

/// What `limit`, `cursor` and `status` of a list ask for; other parameters are Krea's and have no meaning here.
struct JobListQuery: Equatable {
    var limit = 100
    /// Where our own lists go on.
    var cursor: JobID?
    /// Where lists go on for programs written for Krea, whose cursors are times.
    var before: Timestamp?
    /// The states in which the jobs may be; nil for all.
    var states: Set<JobState>?
    /// The status that they must have besides; nil when the states say everything.
    var status: String?

    static let limits = 1...1000
    /// All words that a status can be.
    static let words = pending + JobState.allCases.map(\.rawValue)
    /// The nine words that Krea has.
    static let kreaWords = pending + ["completed", "failed", "cancelled"]
    /// Those for a job that has not ended.
    private static let pending = ["backlogged", "queued", "scheduled", "processing", "sampling", "intermediate-complete"]

    /// Throws ``Refusal`` for a value that a parameter cannot have.
    init(_ query: String) throws(Refusal) {
        let fields = FormFields(query: query)
        guard !["limit", "cursor", "status"].contains(where: fields.isUnreadable) else {
            throw Refusal(.badRequest, code: "bad_request", "The address is not a well-formed path.")
        }
        if let text = fields["limit"] {
            guard let limit = Int(text), Self.limits.contains(limit) else {
                throw .badParameter("limit", "limit \(brief(text)) must be a whole number from 1 to 1000.")
            }
            self.limit = limit
        }
        if let text = fields["cursor"] {
            cursor = JobID(text)
            before = Timestamp(iso8601: text)
            guard cursor != nil || before != nil else {
                throw .badParameter(
                    "cursor", "cursor \(brief(text)) must be the next_cursor of a list, or a time like 2026-01-31T12:00:00Z.")
            }
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
            throw .badParameter("status", "status \(brief(word)) is unknown; allowed are \(Self.words.joined(separator: ", ")).")
        }
    }

    private func brief(_ text: String) -> String { JSONValue.string(text).brief }
}
