<?php
// Keeps a job as krea-fcgi does: two rows, on disk before the answer leaves.
$wanted = json_decode(file_get_contents('php://input'), true);
if (!is_array($wanted) || !is_string($wanted['prompt'] ?? null)) {
    http_response_code(422);
    exit;
}
$database = new PDO('sqlite:' . $_SERVER['BENCH_STORE'], null, null, [PDO::ATTR_PERSISTENT => true, PDO::ATTR_TIMEOUT => 5]);
$database->exec('PRAGMA synchronous = FULL');
$id = vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex(random_bytes(16)), 4));
$database->exec('BEGIN IMMEDIATE');
$waiting = $database->query("SELECT count(*) FROM (SELECT 1 FROM jobs WHERE state = 'waiting' LIMIT 500)")->fetchColumn();
$database->prepare(
    "INSERT INTO jobs (id, client, request, warnings, created_at, state) VALUES (?, ?, ?, '[]', ?, 'waiting')"
)->execute([$id, 'address:' . $_SERVER['REMOTE_ADDR'], json_encode($wanted), (int) (microtime(true) * 1000)]);
$database->prepare(
    "INSERT INTO submissions (job, part, model, state, epoch, polls, poll_round, is_cancel_wanted, urls, warnings)
     VALUES (?, 1, 'flux', 'waiting', 0, 0, 1, 0, '[]', '[]')"
)->execute([$database->lastInsertId()]);
$database->exec('COMMIT');
http_response_code(202);
header('Content-Type: application/json');
echo json_encode(['job_id' => $id, 'status' => 'backlogged', 'position' => $waiting]);
