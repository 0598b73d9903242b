// Keeps the page of a job up to date: while it is seen, each change comes as an event. Where none come through, the job's JSON is asked for as
// often as it says. page.js loads this where there is such a job.
export async function watch(job, { find, findAll, parse, localise }) {
    let tag;
    let offset = Date.now() - Date.parse(job.dataset.now);
    let failures = 0;
    const progress = () => {
        const bar = find('progress', job);
        const [from, to] = [Date.parse(job.dataset.from), Date.parse(job.dataset.to)];
        const done = (Date.now() - offset - from) / (to - from) * 100;
        if (bar && done >= 0) bar.value = Math.min(done, 95);
    };
    const ticking = setInterval(progress, 1000);
    // Waits some seconds; in a hidden page, until it is visible or the network is back.
    const pause = (seconds) => new Promise((resolve) => {
        const wake = () => {
            if (document.hidden) return;
            clearTimeout(timer);
            document.removeEventListener('visibilitychange', wake);
            removeEventListener('online', wake);
            resolve();
        };
        const timer = setTimeout(wake, seconds * 1000);
        document.addEventListener('visibilitychange', wake);
        addEventListener('online', wake);
    });
    const swap = async () => {
        const page = await parse(await fetch(location.pathname, { headers: { Accept: 'text/html' } }));
        const next = find('#job', page);
        if (!next) return;
        // Pictures are loaded before they are shown.
        await Promise.all(findAll('img', next).map((picture) => picture.decode().catch(() => {})));
        const isFocused = job.contains(document.activeElement);
        for (const name of Object.keys(job.dataset)) delete job.dataset[name];
        Object.assign(job.dataset, next.dataset);
        localise(next);
        // What is the same stays: a button that is being pressed, and what has the focus.
        const [parts, news] = [[...job.children], [...next.children]];
        if (parts.length === news.length) {
            parts.forEach((part, index) => { if (!part.isEqualNode(news[index])) part.replaceWith(news[index]); });
        } else {
            job.replaceChildren(...next.childNodes);
        }
        document.title = page.title;
        offset = Date.now() - Date.parse(job.dataset.now);
        if (isFocused && !job.contains(document.activeElement)) job.focus();
    };
    // Shows the page anew where the job's JSON, which has this name, is not what was shown.
    const take = async ({ state }, name) => {
        if (tag ? tag !== name : state !== job.dataset.state) await swap();
        tag = name;
    };
    // Whether events come through: the first comes at once, unless something on the way keeps it back.
    let comes = true;
    // Follows the events until the job has ended, or they have to be asked for anew; false where they do not come now.
    const follow = () => new Promise((resolve) => {
        const source = new EventSource(`${job.dataset.json}/events`);
        let timer;
        const end = (isGood) => {
            clearTimeout(timer);
            source.close();
            document.removeEventListener('visibilitychange', hide);
            removeEventListener('online', anew);
            resolve(isGood);
        };
        const anew = () => end(true);
        const hide = () => { if (document.hidden) end(true); };
        document.addEventListener('visibilitychange', hide);
        addEventListener('online', anew);
        // Each answer ends after a minute; a connection that is lost says nothing.
        const expect = () => {
            clearTimeout(timer);
            timer = setTimeout(anew, 70000);
        };
        timer = setTimeout(() => {
            comes = false;
            end(false);
        }, 5000);
        let taken = Promise.resolve();
        source.addEventListener('job', ({ data, lastEventId }) => {
            expect();
            taken = taken.then(() => take(JSON.parse(data), lastEventId)).then(
                () => { if (!job.dataset.json) end(true); },
                () => end(false),
            );
        });
        source.addEventListener('error', () => { if (source.readyState === EventSource.CLOSED) end(false); });
    });
    const ask = async () => {
        const response = await fetch(job.dataset.json, { cache: 'no-store', headers: tag ? { 'If-None-Match': tag } : {} });
        if (!response.ok && response.status !== 304) throw new Error(response.status);
        if (response.ok) await take(await response.json(), response.headers.get('ETag'));
        return Number(response.headers.get('Retry-After')) || 6;
    };
    job.tabIndex = -1;
    progress();
    while (job.dataset.json) {
        let wait = 0;
        if (!document.hidden && (!comes || failures || !await follow())) {
            try {
                wait = await ask();
                failures = 0;
            } catch {
                failures += 1;
                wait = Math.min(2 ** failures, 30);
            }
        }
        if (job.dataset.json) await pause(wait);
    }
    clearInterval(ticking);
}
