// Looks at a page again while something on it is not ready: parts with data-again (seconds) and an id are brought up to
// date in place, the rest is left as the reader has it. Without script the page reloads itself.
(() => {
  "use strict";
  const parts = () => [...document.querySelectorAll("[data-again]")];
  const look = async (address) => {
    const answer = await fetch(address).catch(() => null);
    if (answer?.redirected) { location.replace(answer.url); return; }
    if (!answer?.ok) { later(address); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts()) {
      const fresh = page.getElementById(part.id);
      if (fresh && part.outerHTML !== fresh.outerHTML) part.replaceWith(fresh);
    }
    later(address);
  };
  const later = (before) => {
    const [part] = parts();
    if (part) setTimeout(() => look(part.dataset.at || before), Number(part.dataset.again) * 1000);
  };
  later(location.href);
})();
