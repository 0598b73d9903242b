// Tells the page around this one how high this one is, so that the frame can follow. Only a page of a site that the operator has named
// (data-origins) is told, and only the one right around.
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
