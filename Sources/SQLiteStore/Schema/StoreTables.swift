/// The tables, with their indexes and triggers.
///
/// Times are milliseconds since 1970, money is millionths of a dollar, lists of texts are JSON. `seq` is the order of the queue. Columns are
/// named after the properties of the types in `Rows/`; each is described there. A new column of `submissions` that people see belongs in the
/// list of the trigger `submission_changed` too.
extension StoreSchema {
    static let tables = jobs + submissions + pictures + deliveries + changes + waiting + pace

    /// What people asked for. `state` and `finished_at` follow from the submissions and are written with them, so that lists can be asked for
    /// by them; an index has them because they stand behind `request` in the row, which can have a megabyte.
    private static let jobs = """
        CREATE TABLE jobs (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            client TEXT NOT NULL,
            request TEXT NOT NULL,
            warnings TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            state TEXT NOT NULL,
            finished_at INTEGER
        ) STRICT;
        CREATE INDEX jobs_of_client ON jobs (client, seq, state, created_at);
        CREATE INDEX waiting_jobs ON jobs (client, seq) WHERE state = 'waiting';
        CREATE INDEX finished_jobs ON jobs (finished_at) WHERE finished_at IS NOT NULL;

        CREATE TABLE request_keys (
            key TEXT PRIMARY KEY,
            job INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX request_keys_of_job ON request_keys (job);

        CREATE TABLE removed_jobs (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

        """

    /// What is paid at Krea, and the ledger of every call.
    private static let submissions = """
        CREATE TABLE submissions (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            job INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
            part INTEGER NOT NULL,
            model TEXT NOT NULL,
            state TEXT NOT NULL,
            pictures INTEGER NOT NULL DEFAULT 1,
            route TEXT,
            price INTEGER,
            started_at INTEGER,
            epoch INTEGER NOT NULL DEFAULT 0,
            lost_at INTEGER,
            undecided_looks INTEGER NOT NULL DEFAULT 0,
            failed_attempts INTEGER NOT NULL DEFAULT 0,
            strikes INTEGER NOT NULL DEFAULT 0,
            first_lost_at INTEGER,
            place INTEGER,
            not_before INTEGER,
            finished_at INTEGER,
            krea_id TEXT UNIQUE,
            krea_status TEXT,
            polls INTEGER NOT NULL DEFAULT 0,
            poll_round INTEGER NOT NULL DEFAULT 1,
            next_poll_at INTEGER,
            soonest_poll_at INTEGER,
            webhook_key TEXT,
            has_krea_called INTEGER NOT NULL DEFAULT 0,
            is_webhook_round INTEGER NOT NULL DEFAULT 0,
            is_cancel_wanted INTEGER NOT NULL DEFAULT 0,
            next_cancel_at INTEGER,
            urls TEXT NOT NULL DEFAULT '[]',
            failure_code TEXT,
            failure_detail TEXT,
            failure_reason TEXT,
            warnings TEXT NOT NULL DEFAULT '[]',
            empty_answers INTEGER NOT NULL DEFAULT 0,
            foreign_urls TEXT NOT NULL DEFAULT '[]',
            next_refresh_at INTEGER,
            is_refreshed INTEGER NOT NULL DEFAULT 0,
            has_listed_pictures INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE UNIQUE INDEX submissions_of_job ON submissions (job, part);
        CREATE UNIQUE INDEX submissions_of_webhook ON submissions (webhook_key) WHERE webhook_key IS NOT NULL;
        CREATE INDEX waiting_submissions ON submissions (job, part, not_before) WHERE state = 'waiting';
        CREATE INDEX retried_submissions ON submissions (place, job, part, not_before) WHERE state = 'waiting' AND not_before IS NOT NULL;
        CREATE INDEX submitting_submissions ON submissions (seq) WHERE state = 'submitting';
        CREATE INDEX unconfirmed_submissions ON submissions (seq) WHERE state = 'unconfirmed';
        CREATE INDEX due_submissions ON submissions (next_poll_at) WHERE state = 'running';
        CREATE INDEX unwanted_submissions ON submissions (next_cancel_at) WHERE next_cancel_at IS NOT NULL;
        CREATE INDEX expired_submissions ON submissions (next_refresh_at) WHERE next_refresh_at IS NOT NULL;
        CREATE INDEX unlisted_submissions ON submissions (seq) WHERE state = 'completed' AND has_listed_pictures = 0;
        CREATE INDEX runs_of_model ON submissions (model, seq, started_at, finished_at) WHERE state = 'completed';
        CREATE INDEX submissions_of_day ON submissions (started_at) WHERE started_at IS NOT NULL;

        CREATE TABLE calls (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            job TEXT NOT NULL,
            part INTEGER NOT NULL,
            poll_round INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            outcome TEXT
        ) STRICT;
        CREATE INDEX lost_submits ON calls (id, job) WHERE kind = 'submit' AND outcome = 'lost';

        """

    /// The pictures of completed submissions. A file that has lost a picture stands in `unneeded_files` until it is known whether another
    /// picture has it.
    private static let pictures = """
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

    /// The webhooks that tell programs of the end of their jobs.
    private static let deliveries = """
        CREATE TABLE deliveries (
            job INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
            url TEXT NOT NULL,
            state TEXT NOT NULL,
            number INTEGER NOT NULL,
            ended_at INTEGER,
            attempts INTEGER NOT NULL,
            next_attempt_at INTEGER,
            outcome TEXT
        ) STRICT;
        CREATE INDEX due_deliveries ON deliveries (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

        """

    /// The latest change of each job that has changed since it was accepted; see `ChangeFeed`.
    ///
    /// A table of its own, because a change of a job's own row would write its request again (measured with one of a megabyte: 16 ms a change
    /// in place of 0.06). `number` never repeats, not even when the row with the highest is deleted (AUTOINCREMENT). Columns that are not
    /// shown, such as the count of polls, and those that only say when the next poll is due, change nothing. The triggers delete and insert:
    /// an `OR` clause in them would give way to the one of the statement that has fired them.
    private static let changes = """
        CREATE TABLE changes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            job INTEGER NOT NULL UNIQUE REFERENCES jobs (seq) ON DELETE CASCADE
        ) STRICT;
        CREATE TRIGGER submission_changed AFTER UPDATE OF
            state, pictures, route, price, started_at, lost_at, failed_attempts, place, not_before, finished_at, krea_id, krea_status,
            is_cancel_wanted, urls, failure_code, failure_detail, failure_reason, warnings
        ON submissions BEGIN
            DELETE FROM changes WHERE job = new.job;
            INSERT INTO changes (job) VALUES (new.job);
        END;
        CREATE TRIGGER picture_changed AFTER UPDATE OF file, next_attempt_at ON pictures
        WHEN new.file IS NOT old.file OR (new.next_attempt_at IS NULL) <> (old.next_attempt_at IS NULL) BEGIN
            DELETE FROM changes WHERE job = new.job;
            INSERT INTO changes (job) VALUES (new.job);
        END;
        CREATE TRIGGER delivery_changed AFTER UPDATE ON deliveries BEGIN
            DELETE FROM changes WHERE job = new.job;
            INSERT INTO changes (job) VALUES (new.job);
        END;

        """

    /// How many jobs wait, of each client and, under no name, in all; and how many submissions of each block of 256 jobs, without those that
    /// wait for another attempt, which have a place of their own. Kept by triggers, so that a long queue is never counted.
    private static let waiting = """
        CREATE TABLE waiting_counts (client TEXT PRIMARY KEY, jobs INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO waiting_counts VALUES ('', 0);
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

    /// Tables of one row: the pace, the latest dispatcher with the clock that it knew, Krea's routes as JSON (none until they were read), and a
    /// number that only changes to prove that the store can be written (SQLite writes nothing for a change that changes nothing).
    private static let pace = """
        CREATE TABLE pace (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            next_submit_at INTEGER NOT NULL DEFAULT 0,
            planned_submit_at INTEGER NOT NULL DEFAULT 0,
            silent_until INTEGER NOT NULL DEFAULT 0,
            ruled_silence_until INTEGER NOT NULL DEFAULT 0,
            credit_hold_until INTEGER NOT NULL DEFAULT 0,
            is_token_refused INTEGER NOT NULL DEFAULT 0,
            spend_hold_until INTEGER NOT NULL DEFAULT 0,
            paused_because TEXT,
            next_list_at INTEGER NOT NULL DEFAULT 0,
            list_failures INTEGER NOT NULL DEFAULT 0,
            limited_submits INTEGER NOT NULL DEFAULT 0,
            loss_hold_until INTEGER NOT NULL DEFAULT 0,
            lost_submits INTEGER NOT NULL DEFAULT 0,
            fresh_losses INTEGER NOT NULL DEFAULT 0,
            latest_taken_at INTEGER NOT NULL DEFAULT 0,
            unanswered_since INTEGER,
            unanswered_until INTEGER,
            next_catalogue_at INTEGER NOT NULL DEFAULT 0,
            catalogue_asked_at INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        INSERT INTO pace (only) VALUES (1);

        CREATE TABLE dispatcher (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            epoch INTEGER NOT NULL,
            heartbeat_at INTEGER NOT NULL,
            boot TEXT NOT NULL,
            wall_at_zero INTEGER NOT NULL
        ) STRICT;
        INSERT INTO dispatcher VALUES (1, 0, 0, '', 0);

        CREATE TABLE catalogue (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            content TEXT NOT NULL,
            edition INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE write_proof (number INTEGER NOT NULL) STRICT;
        INSERT INTO write_proof VALUES (0);
        """
}
