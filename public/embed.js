// Puts the form of krea-fcgi into a page of another site, in the place of this script:
//     <script src="https://example.org/krea/static/embed.js" data-model="flux" data-prompt="a lighthouse" async></script>
// Each data- attribute fills in a field of the form. The operator has to name the site in KREA_FCGI_EMBED_ORIGINS.
(() => {
    "use strict";
    const script = document.currentScript;
    if (!script) return;
    const name = "krea-picture";

    const sheet = new CSSStyleSheet();
    sheet.replaceSync(":host { all: initial; display: block } iframe { display: block; width: 100%; height: 30rem; border: 0 }");

    // A page with several of these scripts defines the element once.
    if (!customElements.get(name)) {
        customElements.define(name, class extends HTMLElement {
            #shadow = this.attachShadow({ mode: "closed" });
            #frame = document.createElement("iframe");
            #origin = "";

            constructor() {
                super();
                this.#shadow.adoptedStyleSheets = [sheet];
                // Each page in the frame tells its height to the page that greeted it.
                this.#frame.addEventListener("load", () => this.#frame.contentWindow.postMessage("krea-fcgi:hello", this.#origin));
            }

            connectedCallback() {
                const address = new URL(this.getAttribute("src"));
                this.#origin = address.origin;
                this.#frame.title = "Krea pictures";
                this.#frame.src = address.href;
                // Only now, with its address; else an empty page would load first.
                this.#shadow.append(this.#frame);
                addEventListener("message", this.#follow);
            }

            disconnectedCallback() {
                removeEventListener("message", this.#follow);
            }

            #follow = (event) => {
                if (event.source !== this.#frame.contentWindow || event.origin !== this.#origin) return;
                const height = event.data?.["krea-fcgi:height"];
                if (!Number.isFinite(height)) return;
                this.#frame.style.height = `${Math.min(Math.max(height, 0), 20000)}px`;
            };
        });
    }

    const address = new URL("../embed", script.src);
    for (const [field, value] of Object.entries(script.dataset)) {
        address.searchParams.set(field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value);
    }
    const element = document.createElement(name);
    element.setAttribute("src", address.href);
    script.after(element);
})();
