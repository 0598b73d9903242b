"""The row by its key, as an ASGI application for uvicorn."""

import os
import sqlite3

database = sqlite3.connect(f"file:{os.environ['BENCH_ROWS']}?mode=ro", uri=True)


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    row = database.execute("SELECT body FROM answers WHERE id = ?", (scope["path"].rsplit("/", 1)[1],)).fetchone()
    body = row[0].encode() if row else b""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200 if row else 404, "headers": headers})
    await send({"type": "http.response.body", "body": body})
