<?php
// The row by its key, as a small PHP program would have it.
$database = new PDO('sqlite:' . $_SERVER['BENCH_ROWS'], null, null, [PDO::ATTR_PERSISTENT => true]);
$statement = $database->prepare('SELECT body FROM answers WHERE id = ?');
$statement->execute([basename($_SERVER['REQUEST_URI'])]);
$body = $statement->fetchColumn();
if ($body === false) {
    http_response_code(404);
    exit;
}
header('Content-Type: application/json');
header('Content-Length: ' . strlen($body));
echo $body;
