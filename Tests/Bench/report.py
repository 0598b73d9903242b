"""The figures as Markdown, ready for the README."""

BASE = "C, libfcgi, fixed bytes"


def markdown(results):
    parts = {"polls": polls, "submissions": submissions, "old": old, "start": start, "dispatch": dispatch, "held": held, "hour": hour}
    texts = [f"{results['machine']}; nginx with one worker, wrk beside it." + (" One short round." if results["quick"] else "")]
    texts += [parts[name](results[name]) for name in parts if name in results]
    return "\n\n".join(texts)


def polls(lines):
    size = lines[-1]["answer_bytes"]
    lines = lines[:-1]
    counts = list(lines[0]["connections"])
    base = next(line for line in lines if line["name"] == BASE)
    heads = [f"requests/s with {count}" for count in counts] + ["times C", "p50 / p99 ms with 64", "CPU µs, nginx", "memory MB"]
    rows = []
    for line in lines:
        found = line["connections"]
        ratios = " / ".join(f"{found[count]['rate'] / base['connections'][count]['rate']:.2f}" for count in counts)
        at64 = found.get("64") or found[counts[-1]]
        memory = f"{line['memory']['pss']:.0f}" if line["memory"] else "–"
        rows.append(
            [line["name"]] + [f"{found[count]['rate']:,.0f}" for count in counts]
            + [ratios, f"{at64['p50']:.2f} / {at64['p99']:.2f}", f"{at64['cpu']:.1f}, {at64['nginx_cpu']:.1f}", memory])
    return f"The same answer of {size} bytes from each; medians of {lines[0]['connections'][counts[0]]['rounds']}:\n\n" + table(
        ["behind nginx"] + heads, rows)


def submissions(lines):
    alone = next(line["rate"] for line in lines if line["name"] == "SQLite alone")
    rows = [
        [line["name"], str(line["connections"]), f"{line['rate']:,.0f}", f"{line['rate'] / alone:.2f}", f"{line['p50']:.2f} / {line['p99']:.2f}"]
        for line in lines
    ]
    return "New jobs, on disk (`synchronous = FULL`) before they are answered:\n\n" + table(
        ["", "clients", "jobs/s", "times SQLite", "p50 / p99 ms"], rows)


def old(found):
    empty, full, lists = found["empty"], found["old"], found["list_ms"]
    return (
        f"With 1,000,000 old and 10,000 waiting jobs: {full['rate']:,.0f} polls/s beside {empty['rate']:,.0f} with a new store "
        f"({full['rate'] / empty['rate']:.2f}; CPU {full['cpu']:.1f} µs beside {empty['cpu']:.1f}); "
        f"the first 20 of a list in {lists['first']:.1f} ms, the last in {lists['last']:.1f} ms.")


def start(found):
    return (
        f"From start to first answer {found['start_ms']:.0f} ms ({found['first_start_ms']:.0f} ms with a new store), {found['started_rss_mb']:.0f} MB resident "
        f"then, and {found['idle_rss_mb']:.0f} MB from 10 seconds on, of which {found['idle_own_mb']:.0f} MB are not pages of files; one file of {found['binary_mb']:.0f} MB.")


def dispatch(found):
    submit = f"{found['submit_gap_ms']:,.0f} ms" if found["submit_gap_ms"] else "–"
    return (
        f"24 jobs in flight: {found['cpu_percent']:.2f} % of a core; {submit} from submission to submission, "
        f"{found['poll_gap_ms']:,.0f} ms from poll to poll (medians, as Krea sees them).")


def held(found):
    rate, polls = found["rate"], found["polls"]
    return (
        f"{found['watchers']:,} requests held: {found['kib']:.2f} KiB each. One change reached the first after {found['first_ms']:.0f} ms and the last after "
        f"{found['last_ms']:.0f} ms, with {found['processor_ms']:.0f} ms of processor time. {rate['a_second']:.0f} changes a second, each of a job with one watcher: {rate['p50']:.0f} ms in the median and "
        f"{rate['p99']:.0f} ms in 99 of 100 from the answer to the change to the watcher (most {rate['most']:.0f} ms, {rate['missed']} of {rate['changes']} "
        f"missed; {found['busy_percent']:.1f} % of a core). SIGTERM with {found['waiting_at_stop']:,} held: {found['answered_at_stop']:,} answered, the "
        f"process gone after {found['stop_ms']:.0f} ms. {found['descriptors'][0]} descriptors before and {found['descriptors'][1]} when all had left. A poll beside them: {polls['beside']:.1f} µs of processor time, without them {polls['alone']:.1f}.")


def hour(found):
    memory = lambda name: f"{found[name]['rss']:.0f} MB resident, {found[name]['private_dirty']:.0f} MB its own"
    return (
        f"After {found['seconds'] / 60:.0f} minutes with {found['completed']:,} jobs made and {found['requests']:,} requests"
        f"{' (with errors)' if found['has_errors'] else ''}: {memory('end')} (idle {memory('idle')}; at most {memory('most')}).")


def table(heads, rows):
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1)] + rows
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
