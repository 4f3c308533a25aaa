// Adds to pages that work without it: keys, and a panel that changes without loading the page anew.
"use strict";
(() => {
  const wide = matchMedia("(min-width: 1101px)");
  const hits = [...document.querySelectorAll(".hit")];
  const panel = document.querySelector("[data-panel]");
  const place = document.querySelector("[data-place]");
  let at = Math.max(0, hits.findIndex((hit) => hit.classList.contains("picked")));
  let asked = 0;

  for (const box of document.querySelectorAll("details.me, details.export")) {
    document.addEventListener("click", (event) => { if (!box.contains(event.target)) box.open = false; });
  }

  const show = async (hit) => {
    const turn = ++asked;
    const link = hit.querySelector(".pick");
    const address = new URL(link.href);
    const answer = await fetch(`/cari/panel/${encodeURIComponent(hit.dataset.case)}${address.search}`);
    if (!answer.ok || answer.redirected) { location.assign(link.href); return; }
    const html = await answer.text();
    if (turn !== asked) return; // a later key was faster
    panel.innerHTML = html; // from our own server, escaped there
    history.replaceState(null, "", link.href);
  };

  const choose = (next) => {
    if (!hits[next]) return;
    hits[at].classList.remove("picked");
    hits[at].querySelector(".pick").removeAttribute("aria-current");
    at = next;
    hits[at].classList.add("picked");
    hits[at].querySelector(".pick").setAttribute("aria-current", "true");
    hits[at].scrollIntoView({ block: "nearest" });
    if (place) place.textContent = String(at + 1);
    if (panel && wide.matches) show(hits[at]);
  };

  for (const [n, hit] of hits.entries()) {
    hit.addEventListener("click", (event) => {
      if (!panel || !wide.matches || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      const link = event.target.closest("a");
      if (link && !link.classList.contains("pick") && !link.closest("h3")) return;
      if (link && !event.detail && !link.classList.contains("pick")) return; // by key, a link leads where it says
      if (!link && String(getSelection())) return; // text was marked, not a hit chosen
      event.preventDefault();
      choose(n);
    });
  }

  const openFirst = () => {
    const link = document.querySelector("a[data-key=e]");
    if (link) { location.assign(link.href); return; }
    const box = document.querySelector("details[data-key=e]");
    if (box) { box.open = true; box.scrollIntoView({ block: "center" }); box.querySelector("select, input:not([type=hidden])").focus(); }
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { document.activeElement.blur(); return; }
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const deeds = {
      j: () => choose(at + 1),
      k: () => choose(at - 1),
      e: openFirst,
      t: () => { const door = document.querySelector("[data-key=t]"); if (door) door.matches("form") ? door.querySelector("button").click() : location.assign(door.href); },
      "/": () => { const box = document.getElementById("q"); if (box) { box.focus(); box.select(); } },
      Enter: () => { if (event.target === document.body && hits[at]) location.assign(hits[at].querySelector("h3 a").href); },
    };
    const deed = deeds[event.key];
    if (!deed) return;
    if (event.key !== "Enter") event.preventDefault();
    deed();
  });

  if (location.hash === "#label" && document.querySelector("details[data-key=e]")) openFirst();
})();
