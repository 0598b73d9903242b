public import Jobs

/// What the picture fetcher needs; see `PictureStore`.
extension SQLiteStore {
    /// Takes the right to fetch a picture once.
    public func claimPicture(by epoch: Int, at now: Timestamp) throws -> Claim<PictureFetch> {
        try write { database in
            try Self.check(epoch, database)
            try Self.listPictures(at: now, database)
            let earliest = "SELECT min(next_attempt_at) FROM pictures WHERE next_attempt_at IS NOT NULL"
            guard let due = try Int64.first(database, earliest).map(Timestamp.init(milliseconds:)) else { return .nothing }
            let moment = max(due, try Pace(database).silentUntil)
            guard now >= moment else { return .notBefore(moment) }
            // The newest first: it may be on a screen just now. Those of a whole month can be due, when copies are wanted for the first time.
            let newest = """
                SELECT \(Picture.selection), pictures.seq, jobs.id FROM pictures JOIN jobs ON jobs.seq = pictures.job
                WHERE next_attempt_at <= ? ORDER BY job DESC, pictures.seq LIMIT 1
                """
            let found = try database.first(newest, [now.milliseconds]) { (try Picture(&$0), $0.next() as Int64, $0.next() as String) }
            guard case (var picture, let seq, let id)? = found else { return .nothing }
            picture.claim(at: now)
            try picture.update(seq, database)
            guard let job = JobID(id) else { throw DatabaseError(message: "picture \(seq) has no job") }
            return .granted(PictureFetch(id: seq, epoch: epoch, job: job, url: picture.url, attempt: picture.attempts))
        }
    }

    /// Records how a claimed fetch ended.
    @discardableResult
    public func recordPicture(
        _ result: Result<KeptPicture, PictureFailure>, for fetch: PictureFetch, at now: Timestamp
    ) throws -> Picture? {
        // Whether there is a poll to be made.
        var isExpired = false
        defer { if isExpired { tellObservers() } }
        return try write { database in
            isExpired = false
            try Self.check(fetch.epoch, database)
            try Pace.change(database) { $0.recordPicture(result, at: now, rules: rules) }
            let one = "SELECT \(Picture.selection) FROM pictures WHERE seq = ?"
            guard var picture = try database.first(one, [fetch.id], { try Picture(&$0) }) else {
                if case .success(let copy) = result { try Self.suspect(copy.file, database) }
                return nil
            }
            picture.record(result, at: now)
            try picture.update(fetch.id, database)
            if case .failure(let failure) = result, failure.isExpiry, var row = try Self.row(fetch.job, database) {
                isExpired = row.job.planRefresh(of: picture.url, at: now, rules: rules)
                try row.update(database)
            }
            return picture
        }
    }

    /// Removes files that no picture has any more.
    public func removeUnneededFiles(by epoch: Int, _ remove: (PictureFile) -> Void) throws -> Bool {
        // Removed inside the transaction: until it has ended no other process can become the dispatcher, and record a copy.
        try write { database in
            try Self.check(epoch, database)
            let names = try String.all(database, "SELECT file FROM unneeded_files LIMIT ?", [Self.filesAtATime])
            for name in names {
                let hasPicture = "SELECT true FROM pictures WHERE file = ?"
                if let file = PictureFile(name: name), try Bool.first(database, hasPicture, [name]) == nil {
                    remove(file)
                }
                try database.run("DELETE FROM unneeded_files WHERE file = ?", [name])
            }
            return names.count == Self.filesAtATime
        }
    }

    /// Lets files be removed that were found, unless a picture has them.
    public func suspectFiles(_ files: [PictureFile], by epoch: Int) throws {
        try write { database in
            try Self.check(epoch, database)
            for file in files { try Self.suspect(file, database) }
        }
    }

    /// What is known of copies of a job's pictures at `urls`.
    ///
    /// Each is looked up by its address: of one job an older version may have listed thousands.
    static func pictures(of job: Int64, at urls: [String], _ database: Database) throws -> [Picture] {
        let one = "SELECT \(Picture.selection) FROM pictures WHERE job = ? AND url = ?"
        var seen: Set<TextKey> = []
        return try urls.filter { seen.insert(TextKey($0)).inserted }.compactMap { url in
            try database.first(one, [job, url]) { try Picture(&$0) }
        }
    }

    /// Krea has given other addresses for the pictures of a completed submission: each picture follows its own, and is due at once unless
    /// there is a copy of it or will be none.
    static func movePictures(of job: Int64, from old: [String], to new: [String], _ database: Database) throws {
        guard new != old else { return }
        for (old, new) in zip(old, new) where old != new {
            try database.run(
                "UPDATE OR IGNORE pictures SET url = ?, next_attempt_at = min(next_attempt_at, 0) WHERE job = ? AND url = ?",
                [new, job, old])
        }
        // What was one address twice, or is new, is listed now.
        try database.run("UPDATE submissions SET has_listed_pictures = 0 WHERE job = ? AND state = 'completed'", [job])
    }

    /// How many files are removed in one transaction, so that others do not wait long for it.
    private static let filesAtATime = 50

    private static func suspect(_ file: PictureFile, _ database: Database) throws {
        try database.run("INSERT OR IGNORE INTO unneeded_files (file) VALUES (?)", [file.name])
    }

    /// Lists the pictures of submissions that have completed since the last time.
    private static func listPictures(at now: Timestamp, _ database: Database) throws {
        let unlisted = "state = 'completed' AND has_listed_pictures = 0"
        try database.run(
            """
            INSERT OR IGNORE INTO pictures (job, url, attempts, next_attempt_at)
            SELECT job, value, 0, ? FROM submissions, json_each(urls)
            WHERE \(unlisted) AND key < \(Submission.mostAddresses) ORDER BY submissions.seq, key
            """,
            [now.milliseconds])
        try database.run("UPDATE submissions SET has_listed_pictures = 1 WHERE \(unlisted)")
    }
}

/// A row of the table `pictures`.
extension Picture {
    /// The columns, in the order in which they are read.
    static let selection = "pictures.url, pictures.attempts, pictures.next_attempt_at, pictures.file, pictures.bytes"

    /// Reads the columns of ``selection``.
    init(_ columns: inout RowReader) throws {
        self.init(url: columns.next(), at: .epoch)
        attempts = columns.count()
        nextAttemptAt = columns.time()
        let (name, bytes) = (columns.optional() as String?, columns.optional() as Int?)
        guard let name else { return }
        guard let file = PictureFile(name: name) else {
            throw DatabaseError(message: "a picture has a file that is not readable")
        }
        kept = KeptPicture(file: file, bytes: bytes ?? 0)
    }

    func update(_ seq: Int64, _ database: Database) throws {
        try database.run(
            "UPDATE pictures SET attempts = ?, next_attempt_at = ?, file = ?, bytes = ? WHERE seq = ?",
            [attempts, nextAttemptAt?.milliseconds, kept?.file.name, kept?.bytes, seq])
    }
}
