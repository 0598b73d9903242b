// Tells the surrounding page the height of this one, so that the frame can follow. Only the direct parent is told, and only if the operator
// allows its site (data-origins).
(() => {
    "use strict";
    const origins = document.currentScript.dataset.origins.split(" ");
    let observer;
    addEventListener("message", (event) => {
        if (event.source !== parent || !origins.includes(event.origin) || event.data !== "krea-fcgi:hello") return;
        observer?.disconnect();
        observer = new ResizeObserver(() => {
            const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
            parent.postMessage({ "krea-fcgi:height": height }, event.origin);
        });
        observer.observe(document.documentElement);
    });
})();
