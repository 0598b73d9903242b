extension Server {
    /// The sizes and times of a server.
    public struct Settings: Sendable, Equatable {
        /// How many requests are worked on at once; at least 1.
        public var threads: Int
        /// The largest body that a responder is given, in bytes.
        public var bodyLimit: Int
        /// How long a peer may take that sends or reads next to nothing. With every 500 bytes it gets a second more.
        public var ioTimeout: Duration
        /// How long a request may take to come in at most. It costs no thread meanwhile.
        public var requestTime: Duration
        /// How many connections there are at most, so that descriptors are left for everything else; others wait to be accepted. At least 1.
        public var connections: Int
        /// How many bytes may be kept of requests that have not come in and of answers that are not read yet. With more, the oldest gives way.
        public var memory: Int
        /// How many requests may be held at once, each with up to 1 KiB of memory and a descriptor: the next get the answer of now. Fewer than
        /// ``connections``, or plain requests wait for a place.
        public var held: Int
        /// How long, at most, kept connections are still answered after the server was told to stop; they end sooner when the web server
        /// lets them go, as nginx does at once.
        public var drainTime: Duration

        /// The defaults suit a web server on the same machine.
        public init(
            threads: Int = 16,
            bodyLimit: Int = 1 << 20,
            ioTimeout: Duration = .seconds(10),
            requestTime: Duration = .seconds(120),
            connections: Int = .max,
            memory: Int = 64 << 20,
            held: Int = 65_536,
            drainTime: Duration = .seconds(2)
        ) {
            self.threads = threads
            self.bodyLimit = bodyLimit
            self.ioTimeout = ioTimeout
            self.requestTime = requestTime
            self.connections = connections
            self.memory = memory
            self.held = held
            self.drainTime = drainTime
        }
    }
}
