import GRDB
import Jobs

/// The one row of the table `pace`.
extension Pace {
    init(_ database: Database) throws {
        guard let row = try Row.fetchOne(database.cachedStatement(sql: "SELECT * FROM pace")) else {
            throw DatabaseError(message: "the table pace has lost its row")
        }
        self.init()
        nextSubmitAt = Timestamp(milliseconds: row["next_submit_at"])
        plannedSubmitAt = Timestamp(milliseconds: row["planned_submit_at"])
        silentUntil = Timestamp(milliseconds: row["silent_until"])
        creditHoldUntil = Timestamp(milliseconds: row["credit_hold_until"])
        isTokenRefused = row["is_token_refused"]
        spendHoldUntil = Timestamp(milliseconds: row["spend_hold_until"])
        pausedBecause = row["paused_because"]
        nextListAt = Timestamp(milliseconds: row["next_list_at"])
        listFailures = row["list_failures"]
        limitedSubmits = row["limited_submits"]
        nextCatalogueAt = Timestamp(milliseconds: row["next_catalogue_at"])
        catalogueAskedAt = Timestamp(milliseconds: row["catalogue_asked_at"])
    }

    func update(_ database: Database) throws {
        try database.run(
            """
            UPDATE pace SET next_submit_at = ?, planned_submit_at = ?, silent_until = ?, credit_hold_until = ?,
                is_token_refused = ?, spend_hold_until = ?, paused_because = ?, next_list_at = ?, list_failures = ?, limited_submits = ?,
                next_catalogue_at = ?, catalogue_asked_at = ?
            """,
            [
                nextSubmitAt.milliseconds, plannedSubmitAt.milliseconds, silentUntil.milliseconds, creditHoldUntil.milliseconds,
                isTokenRefused, spendHoldUntil.milliseconds, pausedBecause, nextListAt.milliseconds, listFailures, limitedSubmits,
                nextCatalogueAt.milliseconds, catalogueAskedAt.milliseconds,
            ])
    }
}
