-- A store after years: 1,000,000 jobs that have ended, and 10,000 that wait, all in the image of the one job that is in it.
PRAGMA synchronous = OFF;
BEGIN;
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1010000)
INSERT INTO jobs (id, client, request, warnings, created_at, state, finished_at)
SELECT
    printf('%08x-%04x-4%03x-8%03x-%012x', n * 2654435761 & 0xFFFFFFFF, n & 0xFFFF, n & 0xFFF, n >> 12 & 0xFFF, n), 'address:127.0.0.1',
    (SELECT request FROM jobs LIMIT 1), '[]',
    unixepoch() * 1000 - (1010000 - n), iif(n <= 1000000, 'completed', 'waiting'), iif(n <= 1000000, unixepoch() * 1000 - (1010000 - n), NULL)
FROM number;
INSERT INTO submissions (
    job, part, model, state, started_at, finished_at, krea_id, krea_status, polls, urls, has_listed_pictures, route
)
SELECT
    seq, 1, 'flux', state, iif(state = 'completed', created_at - 30000, NULL), finished_at, iif(state = 'completed', 'krea-' || seq, NULL),
    iif(state = 'completed', 'completed', NULL), iif(state = 'completed', 5, 0),
    iif(state = 'completed', '["https://gen.krea.ai/images/' || seq || '.png"]', '[]'), 1, iif(state = 'completed', 'bfl/flux-1-dev', NULL)
FROM jobs WHERE seq NOT IN (SELECT job FROM submissions);
COMMIT;
ANALYZE;
