/// One reading of the account's list, page by page: what has been read, and what to ask for next.
public struct ListReading: Hashable, Sendable {
    /// How many jobs the first page has at most. Each further page may have twice as many.
    static let firstLimit = 100
    /// The most that Krea gives in a page.
    static let largestLimit = 1000
    /// How small pages get because Krea has trouble: smaller ones would not help.
    private static let smallestInTrouble = 50

    /// How many jobs the next page may have.
    public private(set) var limit = firstLimit
    private var list: AccountList?
    /// The smallest page that was too large.
    private var tooLarge = Int.max

    /// A reading that has not begun.
    public init() {}

    /// Where the next page begins; nil for the first.
    public var cursor: String? { list?.nextCursor }

    /// A call for a page is going to be made. What was read before the clock was put back no longer counts.
    public mutating func begin(_ call: Call) {
        if let list, list.askedAt > call.startedAt || list.nextCursor == nil { self.list = nil }
    }

    /// The page that was asked for with `call` has come. Returns the list as far as it has been read.
    public mutating func add(_ page: AccountPage, for call: Call) -> AccountList {
        var list = self.list ?? AccountList(page, askedAt: call.startedAt)
        if self.list != nil { list.append(page) }
        self.list = list
        if limit * 2 < tooLarge { limit = min(limit * 2, Self.largestLimit) }
        return list
    }

    /// The page could not be read, because of its size or of something in it.
    ///
    /// - Returns: Whether a smaller one can be asked for.
    public mutating func shrinkPage() -> Bool {
        guard limit > 1 else { return false }
        tooLarge = limit
        limit = max(1, limit / 4)
        return true
    }

    /// Krea had trouble with the page, perhaps because of its size.
    public mutating func easePage() {
        limit = min(limit, max(Self.smallestInTrouble, limit / 4))
    }

    /// Nothing more is to be found out. The next reading begins with the newest job.
    public mutating func end() {
        list = nil
        limit = min(limit, Self.firstLimit)
    }
}
