extension SimulatedKrea {
    /// The simulator's behaviour. Times are in milliseconds.
    struct Settings: Sendable {
        var dialect = Dialect.spring
        /// The valid tokens. Each has its own workspace, with jobs, concurrency, backlog and balance.
        var tokens: Set<String> = ["simulator"]
        var walk = Walk.lasting(12_000)
        /// The most jobs that run at once; more are backlogged. Nil for no limit.
        var concurrency: Int?
        /// The most backlogged jobs; another submission gets 429. Nil for no limit.
        var backlog: Int?
        /// The most billed jobs; another submission gets 402. Failed and cancelled jobs are not billed. Nil for no limit.
        var balance: Int?
        /// The status for a body that breaks its schema: 422 as observed, or 400 as documented.
        var schemaStatus = 422
        /// Whether a discontinued route answers the documented 410, or else the page of an unknown path.
        var sunsetIsGone = true
        /// The time after which Krea itself gives up a job.
        var serverLimit: Int64 = 180_000
        /// The start of result URLs, before `/images/<uuid>.png`.
        var imageBase = "https://gen.krea.ai"
        /// How many old jobs a token has at its first use, one per second up to a minute ago.
        var history = 0
        /// How many bytes to add to each job in a list.
        var listedBytes = 0
        /// The form of creation times in a list.
        var listedTime = TimeForm.iso
        /// The switches of every job.
        var always = Switches.none
    }
}
