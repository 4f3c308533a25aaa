// Live counts and lists: listens to /langsung and brings changed parts of the page up to date without moving the reader.
// Marks in the page: data-count="tiket.terlambat" is a number; data-live="tiket" (with an id) is a part that is fetched
// anew when those counts change. Rows that can be told apart carry data-key.
(() => {
  "use strict";
  let before = null;
  let waiting = false;

  const flat = (counts) => {
    const all = {};
    for (const [kind, values] of Object.entries(counts)) {
      if (typeof values === "object") for (const [name, n] of Object.entries(values)) all[`${kind}.${name}`] = n;
      else all[kind] = values;
    }
    return all;
  };

  const say = (counts) => {
    const number = new Intl.NumberFormat(document.documentElement.lang);
    for (const place of document.querySelectorAll("[data-count]")) {
      const n = counts[place.dataset.count];
      if (n === undefined) continue;
      place.textContent = number.format(n);
      place.classList.toggle("none", n === 0);
    }
  };

  // A part is left alone while something in it is being typed or chosen: nothing that the reader did is lost.
  const busy = (part) => {
    const at = document.activeElement;
    const typing = at && part.contains(at) && at.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
    return typing || part.querySelector("details[open] form, dialog[open]") !== null;
  };

  const anchorOf = (part) => {
    for (const row of part.querySelectorAll("[data-key]")) {
      const top = row.getBoundingClientRect().top;
      if (top >= 0) return { key: row.dataset.key, top };
    }
    return null;
  };

  const byKey = (part, key) => part.querySelector(`[data-key="${CSS.escape(key)}"]`);

  const swap = (part, fresh) => {
    const anchor = anchorOf(part);
    const chosen = new Set([...part.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.value));
    const held = document.activeElement && part.contains(document.activeElement)
      ? document.activeElement.closest("[data-key]")?.dataset.key : null;
    part.replaceChildren(...fresh.childNodes);
    for (const box of part.querySelectorAll("input[type=checkbox]")) if (chosen.has(box.value)) box.checked = true;
    if (held) (byKey(part, held)?.querySelector("a, button") ?? byKey(part, held))?.focus({ preventScroll: true });
    const row = anchor && byKey(part, anchor.key);
    if (row) window.scrollBy(0, row.getBoundingClientRect().top - anchor.top);
    part.dispatchEvent(new CustomEvent("jaring:swapped", { bubbles: true }));
  };

  const refresh = async (kinds) => {
    const parts = [...document.querySelectorAll("[data-live]")].filter((part) => kinds.has(part.dataset.live));
    if (!parts.length) return;
    if (document.hidden || parts.some(busy)) { waiting = kinds; return; }
    waiting = false;
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "langsung" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      const fresh = page.getElementById(part.id);
      if (fresh && part.innerHTML !== fresh.innerHTML && !busy(part)) swap(part, fresh);
    }
  };

  const heard = (event) => {
    const counts = flat(JSON.parse(event.data));
    say(counts);
    if (before) {
      const kinds = new Set(Object.keys(counts).filter((k) => counts[k] !== before[k]).map((k) => k.split(".")[0]));
      if (kinds.size) refresh(kinds);
    }
    before = counts;
  };

  const later = () => { if (waiting) refresh(waiting); };

  // A browser keeps few connections to one host: only the page that is looked at holds one.
  let stream = null;
  const close = () => { stream?.close(); stream = null; };
  const listen = () => {
    if (stream || document.hidden) return;
    stream = new EventSource("/langsung");
    stream.addEventListener("hitungan", heard);
    stream.addEventListener("keluar", close);
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return close();
    listen();
    later();
  });
  document.addEventListener("focusout", () => setTimeout(later, 300));
  window.addEventListener("pagehide", close);
  document.querySelector(".top nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  listen();
})();
