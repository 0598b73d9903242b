public import Jobs

/// The state of the FastCGI server.
public struct FastCGIStatus: Encodable, Sendable {
    /// One worker thread, a line of the scoreboard.
    public struct Worker: Encodable, Sendable {
        /// What a worker is doing.
        public enum State: String, Encodable, Sendable, CaseIterable {
            /// Waits for a request.
            case idle
            /// Receives a request.
            case reading
            /// Computes the answer.
            case running
            /// Sends the answer.
            case writing
        }

        /// The worker's number, from 1.
        public var number: Int
        /// What the worker is doing.
        public var state: State
        /// How long it has been doing that.
        public var seconds: Double
        /// How many requests it has answered.
        public var requests: Int
        /// The ID of its current or latest request; nil before a request's head was read.
        @Nullable public var requestId: String?
        /// That request's method.
        @Nullable public var method: String?
        /// That request's path, without its secrets.
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
    /// The most workers that were ever busy at once.
    public var mostBusy: Int
    /// How often the last idle worker became busy, so that the next request had to wait.
    public var timesAllBusy: Int
    /// Kept connections without a request.
    public var idleConnections: Int
    /// Requests that wait for a change without a worker.
    public var heldRequests: Int
    /// Connections that wait to be accepted; nil if the system does not tell.
    public var backlog: Int?
    /// The most connections that may wait.
    public var backlogLimit: Int?

    /// A snapshot.
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

    /// Writes the numbers. Of the workers, which may be many, it writes only how many there are.
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
