public import Jobs

/// How the side is that answers the web server.
public struct FastCGIStatus: Encodable, Sendable {
    /// One worker thread: a line of the scoreboard.
    public struct Worker: Encodable, Sendable {
        /// What a worker does.
        public enum State: String, Encodable, Sendable, CaseIterable {
            /// Nothing: it waits for a request.
            case idle
            /// The request comes in.
            case reading
            /// The request is answered.
            case running
            /// The answer goes out.
            case writing
        }

        /// Its number, from 1.
        public var number: Int
        /// What it does.
        public var state: State
        /// For how long it has been doing that.
        public var seconds: Double
        /// How many requests it has answered.
        public var requests: Int
        /// The request that it is at, or was at last; nil before its head was read.
        @Nullable public var requestId: String?
        /// That request's method.
        @Nullable public var method: String?
        /// That request's address, without what is secret in it.
        @Nullable public var path: String?

        /// A line of the scoreboard.
        public init(
            number: Int, state: State, seconds: Double, requests: Int, requestId: String? = nil, method: String? = nil, path: String? = nil
        ) {
            self.number = number
            self.state = state
            self.seconds = seconds
            self.requests = requests
            self.requestId = requestId
            self.method = method
            self.path = path
        }
    }

    /// Where the web server connects.
    public var address: String
    /// All workers.
    public var workers: [Worker]
    /// How many workers were busy at the same time at most.
    public var mostBusy: Int
    /// How often the last idle worker became busy, so that the next request had to wait.
    public var timesAllBusy: Int
    /// How many connections the web server keeps on which there is no request.
    public var idleConnections: Int
    /// How many requests wait for news, without a worker.
    public var heldRequests: Int
    /// How many connections wait to be accepted; nil where the system does not tell.
    public var backlog: Int?
    /// How many may wait.
    public var backlogLimit: Int?

    /// A status.
    public init(
        address: String, workers: [Worker], mostBusy: Int, timesAllBusy: Int, idleConnections: Int, heldRequests: Int, backlog: Int?,
        backlogLimit: Int?
    ) {
        self.address = address
        self.workers = workers
        self.mostBusy = mostBusy
        self.timesAllBusy = timesAllBusy
        self.idleConnections = idleConnections
        self.heldRequests = heldRequests
        self.backlog = backlog
        self.backlogLimit = backlogLimit
    }

    /// How many workers are busy.
    public var busy: Int { workers.count { $0.state != .idle } }

    private enum CodingKeys: CodingKey {
        case address, workers, busy, mostBusy, timesAllBusy, requests, idleConnections, heldRequests, backlog, backlogLimit
    }

    /// Writes the numbers; the workers, which may be many, only as their number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(address, forKey: .address)
        try container.encode(workers.count, forKey: .workers)
        try container.encode(busy, forKey: .busy)
        try container.encode(mostBusy, forKey: .mostBusy)
        try container.encode(timesAllBusy, forKey: .timesAllBusy)
        try container.encode(workers.map(\.requests).reduce(0, +), forKey: .requests)
        try container.encode(idleConnections, forKey: .idleConnections)
        try container.encode(heldRequests, forKey: .heldRequests)
        try container.encode(backlog, forKey: .backlog)
        try container.encode(backlogLimit, forKey: .backlogLimit)
    }
}
