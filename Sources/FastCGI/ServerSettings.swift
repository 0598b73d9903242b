extension Server {
    /// The sizes and times of a server.
    public struct Settings: Sendable, Equatable {
        /// How many requests are worked on at once; at least 1.
        public var threads: Int
        /// The largest body that a responder is given, in bytes.
        public var bodyLimit: Int
        /// How long one read or write on a connection may take: what a peer costs that stops in the middle of a request.
        public var ioTimeout: Duration
        /// How long, at most, kept connections are still answered after the server was told to stop; they end sooner when the web server
        /// lets them go, as nginx does at once.
        public var drainTime: Duration

        /// The defaults suit a web server on the same machine.
        public init(
            threads: Int = 16,
            bodyLimit: Int = 1 << 20,
            ioTimeout: Duration = .seconds(10),
            drainTime: Duration = .seconds(2)
        ) {
            self.threads = threads
            self.bodyLimit = bodyLimit
            self.ioTimeout = ioTimeout
            self.drainTime = drainTime
        }
    }
}
