/* How many jobs SQLite by itself keeps in a second, each in a transaction of its own that is on disk when it has ended.
 * usage: commits STORE SECONDS: prints a number. STORE has the tables of
 * krea-fcgi, and a job in it. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static sqlite3 *database;

static void check(int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE) return;
    fprintf(stderr, "%s\n", sqlite3_errmsg(database));
    exit(1);
}

static void run(const char *sql) { check(sqlite3_exec(database, sql, NULL, NULL, NULL)); }

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments)
{
    if (count != 3) return 2;
    check(sqlite3_open(arguments[1], &database));
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA foreign_keys = ON");
    sqlite3_busy_timeout(database, 5000);
    sqlite3_stmt *job, *submission;
    check(sqlite3_prepare_v2(database,
        "INSERT INTO jobs (id, client, request, warnings, created_at, state) VALUES (?, 'address:127.0.0.1', ?, '[]', 1790000000000, 'waiting')",
        -1, &job, NULL));
    check(sqlite3_prepare_v2(database, "SELECT request FROM jobs LIMIT 1", -1, &submission, NULL));
    if (sqlite3_step(submission) != SQLITE_ROW) return 1;
    sqlite3_bind_text(job, 2, (const char *)sqlite3_column_text(submission, 0), -1, SQLITE_TRANSIENT);
    sqlite3_finalize(submission);
    check(sqlite3_prepare_v2(database,
        "INSERT INTO submissions (job, part, model, state, epoch, polls, poll_round, is_cancel_wanted, urls, warnings) "
        "VALUES (?, 1, 'flux', 'waiting', 0, 0, 1, 0, '[]', '[]')", -1, &submission, NULL));
    srandom((unsigned)time(NULL));
    double start = now(), end = start + atof(arguments[2]);
    long kept = 0;
    while (now() < end) {
        char id[64];
        snprintf(id, sizeof id, "%08lx-0000-4000-8000-%012lx", random(), kept);
        run("BEGIN IMMEDIATE");
        sqlite3_bind_text(job, 1, id, -1, SQLITE_TRANSIENT);
        check(sqlite3_step(job));
        check(sqlite3_reset(job));
        sqlite3_bind_int64(submission, 1, sqlite3_last_insert_rowid(database));
        check(sqlite3_step(submission));
        check(sqlite3_reset(submission));
        run("COMMIT");
        kept++;
    }
    printf("%.1f\n", kept / (now() - start));
    return 0;
}
