import GRDB

/// The tables, as a list of steps; each step was or is the newest for somebody, so none is ever changed.
///
/// `jobs` is what people asked for, `submissions` is what is paid at Krea. `seq` is the order of the queue. Lists of
/// texts are JSON. Times are milliseconds since 1970.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: jobs, submissions, pace") { database in
            try database.execute(
                sql: """
                    CREATE TABLE jobs (
                        seq INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        client TEXT NOT NULL,
                        request TEXT NOT NULL,
                        warnings TEXT NOT NULL,
                        created_at INTEGER NOT NULL
                    ) STRICT;
                    CREATE INDEX jobs_of_client ON jobs (client, seq);

                    CREATE TABLE submissions (
                        seq INTEGER PRIMARY KEY AUTOINCREMENT,
                        job INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
                        state TEXT NOT NULL,
                        started_at INTEGER,
                        finished_at INTEGER,
                        krea_id TEXT UNIQUE,
                        krea_status TEXT,
                        polls INTEGER NOT NULL,
                        next_poll_at INTEGER,
                        urls TEXT NOT NULL,
                        failure_code TEXT,
                        failure_detail TEXT,
                        warnings TEXT NOT NULL
                    ) STRICT;
                    CREATE INDEX submissions_of_job ON submissions (job);
                    CREATE INDEX waiting_submissions ON submissions (seq) WHERE state = 'waiting';
                    CREATE INDEX due_submissions ON submissions (next_poll_at) WHERE state = 'running';
                    CREATE INDEX submitting_submissions ON submissions (seq) WHERE state = 'submitting';
                    CREATE INDEX unconfirmed_submissions ON submissions (seq) WHERE state = 'unconfirmed';

                    CREATE TABLE request_keys (
                        key TEXT NOT NULL,
                        job INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE
                    ) STRICT;
                    CREATE INDEX request_keys_by_key ON request_keys (key);
                    CREATE INDEX request_keys_of_job ON request_keys (job);

                    CREATE TABLE pace (
                        only INTEGER PRIMARY KEY CHECK (only = 1),
                        next_submit_at INTEGER NOT NULL,
                        silent_until INTEGER NOT NULL
                    ) STRICT;
                    INSERT INTO pace VALUES (1, 0, 0);
                    """)
        }
        return migrator
    }
}
