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

    localise(document);
    const job = find('#job');
    const [, token] = location.hash.match(/^#new=(.+)$/) ?? [];
    if (job && token) {
        if (sent.take() === token) shelf.add(location.pathname.split('/').pop());
        history.replaceState(null, '', location.pathname);
    }
    if (job?.dataset.json) import('./job.js').then(({ watch }) => watch(job, { find, findAll, parse, localise }));
    const form = find('#make');
    if (form) improve(form);
    const section = find('#mine');
    if (section) showShelf(section);
})();
