"""Reading one job: requests a second, latency and CPU, beside others that answer with the same bytes."""

import sys

import load


def measure(stack, quick):
    finished = stack.job_in("completed", {"prompt": "a lighthouse at dusk", "model": "flux"})
    live = new_live_job(stack)
    stack.start_others(stack.get(f"/krea/api/jobs/{live}")[2])
    tag = stack.get(f"/krea/api/jobs/{finished}")[1]["ETag"]
    unknown = "00000000-0000-4000-8000-000000000000"
    job = lambda id: f"/krea/api/jobs/{id}"
    # Name, address (of the live job where there is none), server, who answers, options of wrk.
    lines = [
        ("nginx, a static file", "/static-file", "PLAIN", None, ()),
        ("C, libfcgi, fixed bytes", "/hello/job-7", "PLAIN", stack.hello, ()),
        ("krea-fcgi, a running job", None, "PLAIN", stack.service, ()),
        ("krea-fcgi, a finished job", job(finished), "PLAIN", stack.service, ()),
        ("krea-fcgi, 304", job(finished), "PLAIN", stack.service, ("-H", f"If-None-Match: {tag}")),
        ("krea-fcgi, an unknown job", job(unknown), "PLAIN", stack.service, ()),
        ("krea-fcgi, a running job, nginx's cache", None, "CACHED", stack.service, ()),
        ("krea-fcgi, a finished job, nginx's cache", job(finished), "CACHED", stack.service, ()),
        ("PHP-FPM, one row", "/php/row/job-7", "PLAIN", stack.php, ()),
        ("Go, net/http/fcgi, fixed bytes", "/go/hello/job-7", "PLAIN", stack.go, ()),
        ("Go, net/http/fcgi, one row", "/go/job-7", "PLAIN", stack.go, ()),
        ("Hummingbird, proxy_pass, fixed bytes", "/hummingbird/job-7", "PLAIN", stack.hummingbird, ()),
        ("Python, uvicorn, one row", "/python/job-7", "PLAIN", stack.python, ()),
    ]
    seconds = 1 if quick else 2
    runs = {}
    for round in range(1 if quick else 3):
        for connections in (16, 64) if quick else (1, 16, 64, 256):
            # Its 40 polls are used up after 4 minutes.
            live = new_live_job(stack)
            for name, path, port, backend, options in lines:
                run = load.run(stack.url(path or job(live), port), connections, seconds, backend, stack.nginx, options)
                expected = run["requests"] if "unknown" in name else 0
                if run["socket_errors"] or abs(run["wrong"] - expected) > connections:
                    print(f"{name} with {connections} connections: {run}", file=sys.stderr)
                run["wrong"] = abs(run["wrong"] - expected)
                runs.setdefault(name, {}).setdefault(str(connections), []).append(run)
    memory = {name: backend.memory() if backend else None for name, _, _, backend, _ in lines}
    return [
        {"name": name, "memory": memory[name], "connections": {count: load.medians(found) for count, found in runs[name].items()}}
        for name in runs
    ] + [{"answer_bytes": len(stack.get(job(live))[2])}]


def new_live_job(stack):
    return stack.job_in("running", {"prompt": "a lighthouse at dusk [[stuck]]", "model": "flux"})
