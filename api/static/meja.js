// The triage desk by keyboard: a verdict changes the parts of the page that it touches, and the next story stands there.
// Everything here is a form or a link that works without this file.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const wide = matchMedia("(min-width: 861px)");
  const chosen = document.getElementById("terpilih");
  const list = document.getElementById("antrean");
  const news = document.getElementById("kabar");
  const bulk = document.getElementById("banyak");
  if (!chosen || !bulk) return;

  // One request at a time: a key pressed while a verdict is on its way must not judge a story that nobody has read.
  let busy = false;
  let turn = 0;

  const rows = () => [...list.querySelectorAll(".story")];
  const at = () => rows().findIndex((row) => row.classList.contains("picked"));
  const storyOf = () => chosen.querySelector("[data-story]")?.dataset.story ?? null;

  const tell = (words) => {
    const line = document.createElement("p");
    line.className = "told bad";
    line.textContent = words;
    news.replaceChildren(line);
  };

  // --- marks: kept over verdicts, filters and pages of this tab
  const KEPT = "jaring.meja.x";
  const marks = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
  const counter = bulk.querySelector("[data-ticked]");

  const showMarks = () => {
    for (const box of list.querySelectorAll("input[name=x]")) box.checked = marks.has(box.value);
    bulk.classList.toggle("any", marks.size > 0);
    if (marks.size) counter.textContent = counter.dataset.word.replace("#", String(marks.size));
    sessionStorage.setItem(KEPT, JSON.stringify([...marks]));
  };
  const mark = (story, on) => { if (on) marks.add(story); else marks.delete(story); showMarks(); };

  list.addEventListener("change", (event) => {
    if (event.target.name === "x") mark(event.target.value, event.target.checked);
  });
  bulk.addEventListener("reset", (event) => { event.preventDefault(); marks.clear(); showMarks(); });
  const heldUp = () => document.getElementById("bangku").dataset.ticked.split(" ").filter(Boolean);
  for (const story of heldUp()) marks.add(story);

  // --- who works on what: a story that stands here is taken, and let go when one turns to another
  const HANDS = "jaring.meja.p";
  const byHand = new Set(JSON.parse(sessionStorage.getItem(HANDS) ?? "[]")); // taken by key: kept until let go by key
  const AGAIN = 5 * 60_000; // a claim lasts a quarter of an hour: whoever still reads takes it anew
  let held = null;
  let waiting = 0;
  const hold = (story, leave) => {
    const body = new URLSearchParams({ csrf: bulk.elements.csrf.value });
    if (story) body.set("cerita", story);
    if (leave && leave !== story) body.set("lepas", leave);
    return fetch("/meja/pegang", { method: "POST", body, headers: { "X-Jaring-Part": "diam" }, keepalive: true });
  };
  const settle = () => {
    clearTimeout(waiting);
    const story = storyOf();
    if (story === held) return;
    const free = story && !byHand.has(story) && !chosen.querySelector("header .due");
    waiting = setTimeout(async () => { // whoever only passes by takes nothing
      const leave = held;
      held = free ? story : null;
      if (!held && !leave) return;
      const answer = await hold(held, leave).catch(() => null);
      if (answer?.status === 409 && storyOf() === story) { held = null; tell(await answer.text()); }
    }, 250);
  };
  const handed = (body) => {
    held = null;
    if (body.get("lepas")) byHand.delete(body.get("lepas")); else byHand.add(body.get("cerita"));
    sessionStorage.setItem(HANDS, JSON.stringify([...byHand]));
  };
  setInterval(() => { if (held && !document.hidden) hold(held, null).catch(() => null); }, AGAIN);
  window.addEventListener("pagehide", () => { clearTimeout(waiting); if (held) hold(null, held); held = null; });

  // --- parts of the page, from the same templates
  const put = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html"); // from our own server, escaped there
    const stood = list.scrollTop;
    for (const id of ["pandangan", "kabar"]) {
      const part = fresh.getElementById(id);
      if (part) document.getElementById(id).replaceChildren(...part.childNodes);
    }
    const bench = fresh.getElementById("bangku");
    if (!bench) return false;
    list.replaceChildren(...fresh.getElementById("antrean").childNodes);
    chosen.replaceChildren(...fresh.getElementById("terpilih").childNodes);
    for (const [inner, outer] of [[".queue > header", ".queue"], [".queue > .face", ".queue"], [".queue > .paging", ".queue"]]) {
      const old = document.querySelector(inner);
      const now = fresh.querySelector(inner);
      if (old && now) old.replaceWith(now);
      else if (old) old.remove();
      else if (now) document.querySelector(outer).append(now);
    }
    for (const name of ["di", "csrf"]) bulk.elements[name].value = fresh.querySelector(`#banyak [name=${name}]`).value;
    document.getElementById("bangku").dataset.ticked = bench.dataset.ticked;
    history.replaceState(null, "", bench.dataset.here);
    list.scrollTop = stood;
    return true;
  };
  const keepInSight = () => list.querySelector(".picked")?.scrollIntoView({ block: "nearest" });

  const afterwards = () => { showMarks(); keepInSight(); settle(); };

  // The machine ranks the agencies anew some seconds after a correction.
  const lookAgain = (story) => {
    const mine = turn;
    setTimeout(async () => {
      const answer = await fetch(location.href, { headers: { "X-Jaring-Part": "cerita" } }).catch(() => null);
      if (!answer?.ok || answer.redirected) return;
      const html = await answer.text();
      const open = chosen.querySelector("details[open]") || chosen.contains(document.activeElement.closest("select, input"));
      if (mine === turn && !busy && !open && storyOf() === story) chosen.innerHTML = html;
    }, 3000);
  };

  const send = async (form, button) => {
    if (busy) return;
    busy = true;
    turn += 1;
    clearTimeout(waiting); // what is being judged needs no taking any more
    chosen.classList.add("busy");
    const body = new URLSearchParams(new FormData(form, button));
    const sent = form === bulk ? [...marks].slice(0, Number(bulk.dataset.most)) : []; // the rest stays marked
    if (form === bulk) { body.delete("x"); for (const story of sent) body.append("x", story); }
    const judged = body.get("cerita");
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Jaring-Part": "meja" } }).catch(() => null);
    busy = false;
    chosen.classList.remove("busy");
    if (!answer) { tell(root.lang === "en" ? "Not saved: no connection. Try once more." : "Belum tersimpan: tidak tersambung. Coba sekali lagi."); return; }
    if (answer.redirected || !put(await answer.text())) { location.reload(); return; }
    if (answer.ok && form === bulk) {
      for (const story of sent) marks.delete(story);
      for (const story of heldUp()) marks.add(story);
    } else if (answer.ok && form.matches("[action='/meja/putusan']")) marks.delete(judged);
    if (answer.ok && form.matches("[action='/meja/koreksi']")) lookAgain(judged);
    if (answer.ok && form.matches("[action='/meja/pegang']")) handed(body);
    else if (judged === held && storyOf() !== judged) held = null; // its verdict let it go
    afterwards();
    chosen.focus({ preventScroll: true });
    if (!wide.matches) chosen.scrollIntoView({ block: "start" });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const ours = ["/meja/putusan", "/meja/koreksi", "/meja/pegang", "/meja/urung", "/meja/banyak", "/meja/dilihat"];
    if (!ours.includes(new URL(form.action).pathname)) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  // --- choosing
  const choose = async (row) => {
    if (!row || busy) return;
    const mine = ++turn;
    for (const other of rows()) {
      other.classList.toggle("picked", other === row);
      other.querySelector("a").toggleAttribute("aria-current", other === row);
    }
    row.querySelector("a").setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
    const href = row.querySelector("a").href;
    const answer = await fetch(href, { headers: { "X-Jaring-Part": "cerita" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) { location.assign(href); return; }
    const html = await answer.text();
    if (mine !== turn) return; // a later key was faster
    chosen.innerHTML = html; // from our own server, escaped there
    history.replaceState(null, "", href);
    settle();
  };
  const step = (by) => {
    const all = rows();
    const next = all[at() + by];
    if (next) { choose(next); return; }
    if (by > 0) document.querySelector(".paging [rel=next]")?.click();
  };
  list.addEventListener("click", (event) => {
    const link = event.target.closest(".story > a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    choose(link.closest(".story")).then(() => {
      if (!wide.matches) chosen.scrollIntoView({ block: "start" });
    });
  });

  // --- filters act at once when chosen by pointer; by keyboard, where each arrow is a change, with the button
  for (const select of document.querySelectorAll(".sift select")) {
    let pointed = false;
    select.addEventListener("pointerdown", () => { pointed = true; });
    select.addEventListener("keydown", () => { pointed = false; });
    select.addEventListener("change", () => { if (pointed) select.form.requestSubmit(); });
  }

  // --- keys
  const help = document.getElementById("tombol");
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) { event.preventDefault(); help.close(); return; }
    if (event.target.closest(".keys")) { event.preventDefault(); help.showModal(); return; }
    for (const box of document.querySelectorAll("details.reasons[open], details.me[open]")) {
      if (!box.contains(event.target)) box.open = false;
    }
  });
  const open = (box) => {
    box.open = true;
    box.scrollIntoView({ block: "nearest" });
    const field = box.querySelector("select, input:not([type=hidden])");
    if (field && !box.matches(".reasons")) { field.focus(); field.select?.(); }
  };
  const press = (key) => {
    const target = document.querySelector(`[data-press="${CSS.escape(key)}"]`);
    if (!target) {
      const none = "123".includes(key) && chosen.querySelector("[data-none]");
      if (none) tell(none.textContent);
      return;
    }
    if (target.matches("details")) open(target);
    else if (target.matches("select")) target.focus();
    else target.click();
  };
  const markAll = () => {
    const stories = rows().map((row) => row.dataset.key);
    const all = stories.every((story) => marks.has(story));
    for (const story of stories) if (all) marks.delete(story); else marks.add(story);
    showMarks();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const box = chosen.querySelector("details.reasons[open]");
    if (event.key === "Escape") {
      for (const one of document.querySelectorAll(".bench details[open]")) one.open = false;
      document.activeElement.blur();
      return;
    }
    if (event.key === "Enter" && event.target.matches(".another select") && event.target.value) {
      event.preventDefault();
      event.target.parentElement.querySelector("button").click();
      return;
    }
    if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
    const reason = box?.querySelector(`[data-reason="${CSS.escape(event.key)}"]`);
    if (reason) { event.preventDefault(); if (!event.repeat) reason.click(); return; }
    const deeds = {
      j: () => step(1),
      k: () => step(-1),
      x: () => { const story = storyOf(); if (story) mark(story, !marks.has(story)); },
      X: markAll,
      "?": () => help.showModal(),
    };
    const deed = deeds[event.key] ?? ("123bgutlop".includes(event.key) ? () => press(event.key) : null);
    if (!deed) return;
    event.preventDefault();
    if (event.repeat && !"jk".includes(event.key)) return; // a key held down judges one story, not twenty
    deed();
  });

  let stood = 0;
  list.addEventListener("scroll", () => { stood = list.scrollTop; });
  list.addEventListener("jaring:swapped", () => { list.scrollTop = stood; showMarks(); }); // brought up to date by langsung.js
  showMarks();
  settle();
})();
