extension SimulatedKrea {
    /// How the stand-in behaves. Times are milliseconds.
    struct Settings: Sendable {
        var dialect = Dialect.spring
        /// Each token is a workspace of its own: jobs, concurrency, backlog and balance belong to it.
        var tokens: Set<String> = ["simulator"]
        var walk = Walk.lasting(12_000)
        /// How many jobs run at once; more are backlogged. Nil: no limit.
        var concurrency: Int?
        /// How many jobs may be backlogged; a further submission gets 429. Nil: no limit.
        var backlog: Int?
        /// How many jobs may be paid for; a further submission gets 402. Failed and cancelled jobs are not billed. Nil: no limit.
        var balance: Int?
        /// The status for a body that breaks its schema: 422 as seen, or 400 as documented.
        var schemaStatus = 422
        /// What a route past its sunset answers: the documented 410, or the page of an unknown path.
        var sunsetIsGone = true
        /// After so long Krea itself gives a job up.
        var serverLimit: Int64 = 180_000
        /// Where result URLs start; `/images/<uuid>.png` follows.
        var imageBase = "https://gen.krea.ai"
        /// How many jobs the workspace of a token has when it is used first, one created in each second up to a minute before.
        var history = 0
        /// How many bytes more each job has in a list.
        var listedBytes = 0
        /// How the list writes when a job was created.
        var listedTime = TimeForm.iso
        /// Switches that hold for every job.
        var always = Switches.none
    }
}
