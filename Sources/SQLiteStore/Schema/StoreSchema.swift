/// The tables, as a list of steps; once a step is the newest for somebody, it is never changed.
///
/// `jobs` is what people asked for, `submissions` what is paid at Krea, `calls` the ledger of every call, `pictures` what there are copies
/// of. `seq` is the order of the queue.
/// Lists of texts are JSON. Times are milliseconds since 1970.
enum StoreSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: jobs, submissions, calls, pace") { database in
            try database.execute(sql: jobs + submissions + ledger + rows)
        }
        migrator.registerMigration("2: several submissions of a job") { database in
            try database.execute(sql: parts)
        }
        migrator.registerMigration("3: catalogue") { database in
            try database.execute(sql: catalogue)
        }
        migrator.registerMigration("4: pictures") { database in
            try database.execute(sql: pictures)
        }
        migrator.registerMigration("5: reasons of refusals") { database in
            try database.execute(sql: "ALTER TABLE submissions ADD COLUMN failure_reason TEXT")
        }
        migrator.registerMigration("6: webhooks in") { database in
            try database.execute(sql: webhooksIn)
        }
        migrator.registerMigration("7: webhooks out") { database in
            try database.execute(sql: announcements)
        }
        migrator.registerMigration("8: proof that the store can be written") { database in
            try database.execute(sql: writeProof)
        }
        migrator.registerMigration("9: counts of what waits, editions of the catalogue") { database in
            try database.execute(sql: waiting + "ALTER TABLE catalogue ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;")
        }
        migrator.registerMigration("10: pause") { database in
            try database.execute(sql: "ALTER TABLE pace ADD COLUMN paused_because TEXT")
        }
        migrator.registerMigration("11: prices") { database in
            try database.execute(sql: prices)
        }
        migrator.registerMigration("12: calls without an answer") { database in
            try database.execute(
                sql: "ALTER TABLE pace ADD COLUMN unanswered_since INTEGER; ALTER TABLE pace ADD COLUMN unanswered_until INTEGER")
        }
        migrator.registerMigration("13: attempts that came to nothing") { database in
            try database.execute(sql: retries)
        }
        migrator.registerMigration("14: looks at Krea's list that told nothing") { database in
            try database.execute(sql: "ALTER TABLE submissions ADD COLUMN undecided_looks INTEGER NOT NULL DEFAULT 0")
        }
        migrator.registerMigration("15: answers without a picture, addresses that expire") { database in
            try database.execute(sql: addresses)
        }
        migrator.registerMigration("16: lists by state without their jobs") { database in
            try database.execute(sql: lists)
        }
        migrator.registerMigration("17: submissions whose answers were lost") { database in
            try database.execute(
                sql: "CREATE INDEX lost_submits ON calls (id, job) WHERE kind = 'submit' AND outcome = 'lost'")
        }
        return migrator
    }

    /// A submission that has a place of its own in the queue has `not_before` with it; the blocks count only those that have none.
    private static let retries = """
        ALTER TABLE submissions ADD COLUMN failed_attempts INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE submissions ADD COLUMN strikes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE submissions ADD COLUMN first_lost_at INTEGER;
        ALTER TABLE submissions ADD COLUMN place INTEGER;
        ALTER TABLE submissions ADD COLUMN not_before INTEGER;
        ALTER TABLE pace ADD COLUMN ruled_silence_until INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE pace ADD COLUMN loss_hold_until INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE pace ADD COLUMN lost_submits INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE pace ADD COLUMN fresh_losses INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE pace ADD COLUMN latest_taken_at INTEGER NOT NULL DEFAULT 0;

        DROP INDEX waiting_submissions;
        CREATE INDEX waiting_submissions ON submissions (job, part, not_before) WHERE state = 'waiting';
        CREATE INDEX retried_submissions ON submissions (place, job, part, not_before) WHERE state = 'waiting' AND not_before IS NOT NULL;

        DROP TRIGGER waiting_submission_added;
        DROP TRIGGER submission_waits_again;
        DROP TRIGGER submission_waits_no_more;
        DROP TRIGGER waiting_submission_removed;
        CREATE TRIGGER waiting_submission_added AFTER INSERT ON submissions WHEN new.state = 'waiting' AND new.not_before IS NULL BEGIN
            INSERT INTO waiting_blocks VALUES (new.job >> 8, 1) ON CONFLICT (block) DO UPDATE SET submissions = submissions + 1;
        END;
        CREATE TRIGGER submission_waits_again AFTER UPDATE OF state ON submissions
        WHEN new.state = 'waiting' AND new.not_before IS NULL AND old.state <> 'waiting' BEGIN
            INSERT INTO waiting_blocks VALUES (new.job >> 8, 1) ON CONFLICT (block) DO UPDATE SET submissions = submissions + 1;
        END;
        CREATE TRIGGER submission_waits_no_more AFTER UPDATE OF state ON submissions
        WHEN old.state = 'waiting' AND old.not_before IS NULL AND new.state <> 'waiting' BEGIN
            UPDATE waiting_blocks SET submissions = submissions - 1 WHERE block = old.job >> 8;
            DELETE FROM waiting_blocks WHERE block = old.job >> 8 AND submissions = 0;
        END;
        CREATE TRIGGER waiting_submission_removed AFTER DELETE ON submissions WHEN old.state = 'waiting' AND old.not_before IS NULL BEGIN
            UPDATE waiting_blocks SET submissions = submissions - 1 WHERE block = old.job >> 8;
            DELETE FROM waiting_blocks WHERE block = old.job >> 8 AND submissions = 0;
        END;
        """

    /// `state` stands behind `request` in its row: to look at it in a job of a megabyte means to read all of that.
    private static let lists = """
        DROP INDEX jobs_of_client;
        CREATE INDEX jobs_of_client ON jobs (client, seq, state, created_at);
        """

    private static let jobs = """
        CREATE TABLE jobs (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            client TEXT NOT NULL,
            request TEXT NOT NULL,
            warnings TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX jobs_of_client ON jobs (client, seq);

        CREATE TABLE request_keys (
            key TEXT PRIMARY KEY,
            job INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX request_keys_of_job ON request_keys (job);

        CREATE TABLE removed_jobs (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

        """

    private static let submissions = """
        CREATE TABLE submissions (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            job INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
            model TEXT NOT NULL,
            state TEXT NOT NULL,
            started_at INTEGER,
            epoch INTEGER NOT NULL,
            lost_at INTEGER,
            finished_at INTEGER,
            krea_id TEXT UNIQUE,
            krea_status TEXT,
            polls INTEGER NOT NULL,
            look INTEGER NOT NULL,
            next_poll_at INTEGER,
            is_cancel_wanted INTEGER NOT NULL,
            next_cancel_at INTEGER,
            urls TEXT NOT NULL,
            failure_code TEXT,
            failure_detail TEXT,
            warnings TEXT NOT NULL
        ) STRICT;
        CREATE INDEX submissions_of_job ON submissions (job);
        CREATE INDEX waiting_submissions ON submissions (seq) WHERE state = 'waiting';
        CREATE INDEX submitting_submissions ON submissions (seq) WHERE state = 'submitting';
        CREATE INDEX unconfirmed_submissions ON submissions (seq) WHERE state = 'unconfirmed';
        CREATE INDEX due_submissions ON submissions (next_poll_at) WHERE state = 'running';
        CREATE INDEX unwanted_submissions ON submissions (next_cancel_at) WHERE next_cancel_at IS NOT NULL;
        CREATE INDEX runs_of_model ON submissions (model, seq) WHERE state = 'completed';
        CREATE INDEX finished_submissions ON submissions (finished_at) WHERE finished_at IS NOT NULL;

        """

    /// `jobs.state` and `jobs.finished_at` follow from the submissions and are written with them, so that lists can be asked for by them.
    private static let parts = """
        ALTER TABLE submissions ADD COLUMN part INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE submissions ADD COLUMN pictures INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE submissions ADD COLUMN route TEXT;
        ALTER TABLE calls ADD COLUMN part INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE jobs ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
        ALTER TABLE jobs ADD COLUMN finished_at INTEGER;
        UPDATE jobs SET (state, finished_at) = (SELECT state, finished_at FROM submissions WHERE job = jobs.seq);
        DROP INDEX submissions_of_job;
        CREATE UNIQUE INDEX submissions_of_job ON submissions (job, part);
        DROP INDEX waiting_submissions;
        CREATE INDEX waiting_submissions ON submissions (job, part) WHERE state = 'waiting';
        DROP INDEX finished_submissions;
        CREATE INDEX finished_jobs ON jobs (finished_at) WHERE finished_at IS NOT NULL;
        CREATE INDEX waiting_jobs ON jobs (client, seq) WHERE state = 'waiting';

        """

    /// Krea's routes, as JSON.
    private static let catalogue = """
        ALTER TABLE pace ADD COLUMN next_catalogue_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE pace ADD COLUMN catalogue_asked_at INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE catalogue (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            content TEXT NOT NULL
        ) STRICT;

        """

    /// A picture is listed here once its submission has completed. A file that has lost a picture stands in `unneeded_files` until
    /// somebody has looked whether another picture has it.
    private static let pictures = """
        ALTER TABLE submissions ADD COLUMN has_listed_pictures INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX unlisted_submissions ON submissions (seq) WHERE state = 'completed' AND has_listed_pictures = 0;

        CREATE TABLE pictures (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            job INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
            url TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            next_attempt_at INTEGER,
            file TEXT,
            bytes INTEGER,
            UNIQUE (job, url)
        ) STRICT;
        CREATE INDEX due_pictures ON pictures (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
        CREATE INDEX pictures_of_file ON pictures (file) WHERE file IS NOT NULL;

        CREATE TABLE unneeded_files (file TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TRIGGER picture_removed AFTER DELETE ON pictures WHEN old.file IS NOT NULL BEGIN
            INSERT OR IGNORE INTO unneeded_files VALUES (old.file);
        END;

        """

    private static let ledger = """
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            job TEXT NOT NULL,
            look INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            outcome TEXT
        ) STRICT;

        """

    private static let rows = """
        CREATE TABLE pace (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            next_submit_at INTEGER NOT NULL,
            planned_submit_at INTEGER NOT NULL,
            silent_until INTEGER NOT NULL,
            credit_hold_until INTEGER NOT NULL,
            is_token_refused INTEGER NOT NULL,
            next_list_at INTEGER NOT NULL,
            list_failures INTEGER NOT NULL,
            limited_submits INTEGER NOT NULL
        ) STRICT;
        INSERT INTO pace VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0);

        CREATE TABLE dispatcher (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            epoch INTEGER NOT NULL,
            heartbeat_at INTEGER NOT NULL,
            boot TEXT NOT NULL,
            wall_at_zero INTEGER NOT NULL
        ) STRICT;
        INSERT INTO dispatcher VALUES (1, 0, 0, '', 0);
        """

    private static let webhooksIn = """
        ALTER TABLE submissions ADD COLUMN webhook_key TEXT;
        ALTER TABLE submissions ADD COLUMN soonest_poll_at INTEGER;
        ALTER TABLE submissions ADD COLUMN is_hinted INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE submissions ADD COLUMN is_hinted_look INTEGER NOT NULL DEFAULT 0;
        CREATE UNIQUE INDEX submissions_of_webhook ON submissions (webhook_key) WHERE webhook_key IS NOT NULL;
        """

    private static let announcements = """
        CREATE TABLE announcements (
            job INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
            url TEXT NOT NULL,
            state TEXT NOT NULL,
            number INTEGER NOT NULL,
            ended_at INTEGER,
            attempts INTEGER NOT NULL,
            next_attempt_at INTEGER,
            outcome TEXT
        ) STRICT;
        CREATE INDEX due_announcements ON announcements (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
        """

    /// Millionths of a dollar; null where no price is known.
    private static let prices = """
        ALTER TABLE pace ADD COLUMN spend_hold_until INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE submissions ADD COLUMN price INTEGER;
        CREATE INDEX submissions_of_day ON submissions (started_at) WHERE started_at IS NOT NULL;
        """

    private static let addresses = """
        ALTER TABLE submissions ADD COLUMN empty_answers INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE submissions ADD COLUMN foreign_urls TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE submissions ADD COLUMN next_refresh_at INTEGER;
        ALTER TABLE submissions ADD COLUMN is_refreshed INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX expired_submissions ON submissions (next_refresh_at) WHERE next_refresh_at IS NOT NULL;
        """

    /// A row to be changed, whose number means nothing: SQLite writes nothing for a change that changes nothing.
    private static let writeProof = """
        CREATE TABLE write_proof (number INTEGER NOT NULL) STRICT;
        INSERT INTO write_proof VALUES (0);
        """

    /// How many jobs wait, of each client and, under no name, in all; and how many submissions of each block of 256 jobs. Kept by triggers, so
    /// that nobody has to count a long queue.
    private static let waiting = """
        CREATE TABLE waiting_counts (client TEXT PRIMARY KEY, jobs INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO waiting_counts SELECT client, count(*) FROM jobs WHERE state = 'waiting' GROUP BY client;
        INSERT INTO waiting_counts SELECT '', count(*) FROM jobs WHERE state = 'waiting';
        CREATE TRIGGER waiting_job_added AFTER INSERT ON jobs WHEN new.state = 'waiting' BEGIN
            INSERT INTO waiting_counts VALUES ('', 1), (new.client, 1) ON CONFLICT (client) DO UPDATE SET jobs = jobs + 1;
        END;
        CREATE TRIGGER job_waits_again AFTER UPDATE OF state ON jobs WHEN new.state = 'waiting' AND old.state <> 'waiting' BEGIN
            INSERT INTO waiting_counts VALUES ('', 1), (new.client, 1) ON CONFLICT (client) DO UPDATE SET jobs = jobs + 1;
        END;
        CREATE TRIGGER job_waits_no_more AFTER UPDATE OF state ON jobs WHEN old.state = 'waiting' AND new.state <> 'waiting' BEGIN
            UPDATE waiting_counts SET jobs = jobs - 1 WHERE client IN ('', old.client);
            DELETE FROM waiting_counts WHERE client = old.client AND jobs = 0;
        END;
        CREATE TRIGGER waiting_job_removed AFTER DELETE ON jobs WHEN old.state = 'waiting' BEGIN
            UPDATE waiting_counts SET jobs = jobs - 1 WHERE client IN ('', old.client);
            DELETE FROM waiting_counts WHERE client = old.client AND jobs = 0;
        END;

        CREATE TABLE waiting_blocks (block INTEGER PRIMARY KEY, submissions INTEGER NOT NULL) STRICT;
        INSERT INTO waiting_blocks SELECT job >> 8, count(*) FROM submissions WHERE state = 'waiting' GROUP BY job >> 8;
        CREATE TRIGGER waiting_submission_added AFTER INSERT ON submissions WHEN new.state = 'waiting' BEGIN
            INSERT INTO waiting_blocks VALUES (new.job >> 8, 1) ON CONFLICT (block) DO UPDATE SET submissions = submissions + 1;
        END;
        CREATE TRIGGER submission_waits_again AFTER UPDATE OF state ON submissions WHEN new.state = 'waiting' AND old.state <> 'waiting' BEGIN
            INSERT INTO waiting_blocks VALUES (new.job >> 8, 1) ON CONFLICT (block) DO UPDATE SET submissions = submissions + 1;
        END;
        CREATE TRIGGER submission_waits_no_more AFTER UPDATE OF state ON submissions WHEN old.state = 'waiting' AND new.state <> 'waiting' BEGIN
            UPDATE waiting_blocks SET submissions = submissions - 1 WHERE block = old.job >> 8;
            DELETE FROM waiting_blocks WHERE block = old.job >> 8 AND submissions = 0;
        END;
        CREATE TRIGGER waiting_submission_removed AFTER DELETE ON submissions WHEN old.state = 'waiting' BEGIN
            UPDATE waiting_blocks SET submissions = submissions - 1 WHERE block = old.job >> 8;
            DELETE FROM waiting_blocks WHERE block = old.job >> 8 AND submissions = 0;
        END;

        DROP INDEX runs_of_model;
        CREATE INDEX runs_of_model ON submissions (model, seq, started_at, finished_at) WHERE state = 'completed';

        """
}
