import Jobs

/// The one row of the table `pace`.
extension Pace {
    /// Reads the pace, lets `body` change it, and writes it if it has changed: nothing else writes the row.
    static func change<Result>(_ database: Database, _ body: (inout Pace) throws -> Result) throws -> Result {
        let stored = try Pace(database)
        var pace = stored
        let result = try body(&pace)
        if pace != stored { try pace.update(database) }
        return result
    }

    private static let selection = """
        SELECT next_submit_at, planned_submit_at, silent_until, credit_hold_until, is_token_refused, spend_hold_until, paused_because,
            next_list_at, list_failures, limited_submits, unanswered_since, unanswered_until, next_catalogue_at, catalogue_asked_at,
            ruled_silence_until, loss_hold_until, lost_submits, fresh_losses, latest_taken_at
        FROM pace
        """

    init(_ database: Database) throws {
        guard let pace = try database.first(Self.selection, [], { Pace(&$0) }) else {
            throw DatabaseError(message: "the table pace has lost its row")
        }
        self = pace
    }

    private init(_ columns: inout RowReader) {
        self.init()
        nextSubmitAt = columns.knownTime()
        plannedSubmitAt = columns.knownTime()
        silentUntil = columns.knownTime()
        creditHoldUntil = columns.knownTime()
        isTokenRefused = columns.next()
        spendHoldUntil = columns.knownTime()
        pausedBecause = columns.optional()
        nextListAt = columns.knownTime()
        listFailures = columns.count()
        limitedSubmits = columns.count()
        let (since, until) = (columns.time(), columns.time())
        if let since, let until { unanswered = since...max(since, until) }
        nextCatalogueAt = columns.knownTime()
        catalogueAskedAt = columns.knownTime()
        ruledSilenceUntil = columns.knownTime()
        lossHoldUntil = columns.knownTime()
        lostSubmits = columns.count()
        freshLosses = columns.count()
        latestTakenAt = columns.knownTime()
    }

    private func update(_ database: Database) throws {
        try database.run(
            """
            UPDATE pace SET next_submit_at = ?, planned_submit_at = ?, silent_until = ?, credit_hold_until = ?,
                is_token_refused = ?, spend_hold_until = ?, paused_because = ?, next_list_at = ?, list_failures = ?, limited_submits = ?,
                unanswered_since = ?, unanswered_until = ?, next_catalogue_at = ?, catalogue_asked_at = ?,
                ruled_silence_until = ?, loss_hold_until = ?, lost_submits = ?, fresh_losses = ?, latest_taken_at = ?
            """,
            [
                nextSubmitAt.milliseconds, plannedSubmitAt.milliseconds, silentUntil.milliseconds, creditHoldUntil.milliseconds,
                isTokenRefused, spendHoldUntil.milliseconds, pausedBecause, nextListAt.milliseconds, listFailures, limitedSubmits,
                unanswered?.lowerBound.milliseconds, unanswered?.upperBound.milliseconds,
                nextCatalogueAt.milliseconds, catalogueAskedAt.milliseconds,
                ruledSilenceUntil.milliseconds, lossHoldUntil.milliseconds, lostSubmits, freshLosses, latestTakenAt.milliseconds,
            ])
    }
}
