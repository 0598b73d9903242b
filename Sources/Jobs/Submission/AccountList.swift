/// A job in the account's list: what tells whether it is the one whose answer was lost.
public struct ListedJob: Hashable, Sendable {
    /// Krea's ID; nil where it cannot be read.
    public var id: String?
    /// When Krea created it, by Krea's clock; nil where that cannot be read.
    public var createdAt: Timestamp?

    /// A job of the list.
    public init(id: String?, createdAt: Timestamp?) {
        self.id = id
        self.createdAt = createdAt
    }
}

/// One page of the account's list of jobs.
public struct AccountPage: Hashable, Sendable {
    /// What follows a page.
    public enum End: Hashable, Sendable {
        /// Nothing: there are no older jobs.
        case last
        /// Older jobs, at this cursor of Krea's.
        case next(String)
        /// What follows cannot be read.
        case unknown
    }

    /// The jobs in Krea's order, which should be the newest first.
    public let jobs: [ListedJob]
    /// What follows.
    public let end: End
    /// What Krea's clock showed, in whole seconds, if the answer said so.
    public let kreaTime: Timestamp?

    /// A page.
    public init(jobs: [ListedJob], end: End, kreaTime: Timestamp?) {
        self.jobs = jobs
        self.end = end
        self.kreaTime = kreaTime
    }
}

/// What has been read of the account's list, from the newest job backwards.
public struct AccountList: Hashable, Sendable {
    /// How many pages are read before a list counts as too long.
    public static let mostPages = 40

    /// The jobs, in Krea's order.
    public private(set) var jobs: [ListedJob]
    /// What Krea's clock showed when it answered with the latest page.
    public private(set) var kreaTime: Timestamp?
    /// When the first page was asked for: what was created later may be missing.
    public let askedAt: Timestamp
    /// How many pages have been read.
    public private(set) var pages = 1
    private var end: AccountPage.End
    private var isOrdered: Bool
    /// The oldest time so far, as long as the list is in order.
    private var oldest: Timestamp?

    /// A list whose first page has come.
    public init(_ page: AccountPage, askedAt: Timestamp) {
        self.askedAt = askedAt
        jobs = []
        end = .unknown
        isOrdered = true
        add(page)
    }

    /// The next page has come. A cursor that leads nowhere else is none.
    public mutating func append(_ page: AccountPage) {
        let former = end
        pages += 1
        add(page)
        if case .next = end, end == former { end = .unknown }
    }

    /// Where the next page begins; nil when there is none, or none that may be asked for.
    public var nextCursor: String? {
        if case .next(let cursor) = end, pages < Self.mostPages { cursor } else { nil }
    }

    /// Whether every job that was created at `moment` or later has been read, as far as Krea had it when the first page was asked for.
    func reachesBack(to moment: Timestamp) -> Bool {
        end == .last || isOrdered && oldest.map { $0 < moment } ?? false
    }

    /// The jobs that may have been created in `window`. One without a time that can be read was created between its neighbours; in a list
    /// that is not in order, at any time.
    func jobs(createdIn window: ClosedRange<Timestamp>) -> [ListedJob] {
        var found: [ListedJob] = []
        var timeless: [ListedJob] = []
        var newer: Timestamp?
        for job in jobs {
            guard let createdAt = job.createdAt else {
                timeless.append(job)
                continue
            }
            let isBetween = !isOrdered || createdAt <= window.upperBound && newer ?? window.lowerBound >= window.lowerBound
            if isBetween { found += timeless }
            timeless = []
            newer = createdAt
            if window.contains(createdAt) { found.append(job) }
        }
        return !isOrdered || newer ?? window.lowerBound >= window.lowerBound ? found + timeless : found
    }

    private mutating func add(_ page: AccountPage) {
        for createdAt in page.jobs.lazy.compactMap(\.createdAt) {
            if let oldest, createdAt > oldest { isOrdered = false }
            oldest = createdAt
        }
        jobs += page.jobs
        end = page.end
        kreaTime = page.kreaTime
    }
}
