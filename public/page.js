// Makes the pages smoother. All of them work without it.
'use strict';
(() => {
    const root = document.documentElement;
    const mount = new URL('..', document.currentScript.src).pathname;
    const find = (selector, within = document) => within.querySelector(selector);
    const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

    // From now on pages come whole, and this script updates them. A streamed page is loaded again.
    const isKnown = () => document.cookie.split('; ').includes('script=1');
    if (!isKnown()) document.cookie = `script=1; Path=${mount}; SameSite=Lax`;
    if ('streamed' in root.dataset) {
        if (isKnown()) location.reload();
        return;
    }

    const parse = async (response) => new DOMParser().parseFromString(await response.text(), 'text/html');

    // Times in the reader's zone.
    function localise(within) {
        for (const time of findAll('time', within)) {
            const moment = new Date(time.dateTime);
            const isToday = moment.toDateString() === new Date().toDateString();
            time.textContent = isToday
                ? moment.toLocaleTimeString(root.lang, { timeStyle: 'medium' })
                : moment.toLocaleString(root.lang, { dateStyle: 'medium', timeStyle: 'medium' });
        }
    }

    // The jobs of this browser: their IDs, the newest first.
    const shelf = {
        name: `krea-fcgi:${mount}`,
        get ids() {
            try { return JSON.parse(localStorage.getItem(this.name)) ?? []; } catch { return []; }
        },
        set ids(ids) {
            try { localStorage.setItem(this.name, JSON.stringify(ids)); } catch { /* Without storage nothing is remembered. */ }
        },
        add(id) { this.ids = [id, ...this.ids.filter((other) => other !== id)].slice(0, 12); },
    };

    // The token of the form that this tab has sent. The new job's address has it too, so that no link can pass for the answer.
    const sent = {
        name: `krea-fcgi:sent:${mount}`,
        note(token) {
            try { sessionStorage.setItem(this.name, token); } catch { /* Then the job is not among "My pictures". */ }
        },
        take() {
            try {
                const token = sessionStorage.getItem(this.name);
                sessionStorage.removeItem(this.name);
                return token;
            } catch { return null; }
        },
    };

    async function showShelf(section) {
        if ('local' in section.dataset) {
            if (!shelf.ids.length) return;
            const response = await fetch(`${section.dataset.from}?ids=${shelf.ids}`).catch(() => null);
            const list = response?.ok && find('#mine .jobs', await parse(response));
            if (!list?.children.length) return;
            find('.jobs', section).replaceWith(list);
            find('.hint', section).hidden = false;
            section.hidden = false;
        }
        for (const button of findAll('button[data-copy]', section)) button.hidden = !navigator.clipboard;
        section.addEventListener('click', async ({ target }) => {
            if (target.id === 'forget') {
                shelf.ids = [];
                section.hidden = true;
            } else if (target.dataset.copy) {
                const url = new URL(target.dataset.copy, location).href;
                const alt = target.dataset.alt?.replace(/[\\[\]]/g, '\\$&');
                await navigator.clipboard.writeText(alt === undefined ? url : `![${alt}](${url})`);
                target.textContent = target.dataset.done;
            }
        });
    }

    // The form: counts the prompt, is sent once, and can be sent again after coming back.
    function improve(form) {
        const prompt = find('#prompt', form);
        const count = find('#prompt-count', form);
        const tell = () => {
            // As the service counts: in UTF-16 code units.
            const { length } = prompt.value;
            count.textContent = count.dataset.text.replace('{}', length.toLocaleString('en'));
            count.hidden = !length;
        };
        prompt.addEventListener('input', tell);
        tell();
        const button = find('button[type=submit]', form);
        // Going back to a form that was sent brings the same form: sent again unchanged, it is the same job.
        const token = find('[name=form_token]', form);
        token.value = history.state?.token ?? token.value;
        // After stopping the browser, a changed form can be sent at once, an unchanged one after a while.
        const release = () => { button.ariaDisabled = null; };
        form.addEventListener('submit', (event) => {
            if (button.ariaDisabled) event.preventDefault();
            button.ariaDisabled = 'true';
            setTimeout(release, 3000);
            sent.note(token.value);
            history.replaceState({ token: token.value }, '');
        });
        form.addEventListener('input', release);
        addEventListener('pageshow', () => {
            release();
            tell();
        });
    }

    // A job: while it is seen, each change comes as an event. Where none come through, its JSON is asked for as often as it says.
    async function watch(job) {
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

    localise(document);
    const job = find('#job');
    const [, token] = location.hash.match(/^#new=(.+)$/) ?? [];
    if (job && token) {
        if (sent.take() === token) shelf.add(location.pathname.split('/').pop());
        history.replaceState(null, '', location.pathname);
    }
    if (job?.dataset.json) watch(job);
    const form = find('#make');
    if (form) improve(form);
    const section = find('#mine');
    if (section) showShelf(section);
})();
