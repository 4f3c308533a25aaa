// Adds to pages that work without it: keys, a panel that changes in place, and a selection that outlives paging.
"use strict";
(() => {
  const many = document.querySelector("form.many");
  let rows = [...document.querySelectorAll("tr.ticket")];
  const panel = document.querySelector("[data-panel]");
  const wide = matchMedia("(min-width: 1251px)");
  let at = Math.max(0, rows.findIndex((row) => row.classList.contains("picked")));
  let asked = 0;

  for (const box of document.querySelectorAll("details.me, details.export, details.sift")) {
    document.addEventListener("click", (event) => { if (!box.contains(event.target)) box.open = false; });
  }
  for (const box of document.querySelectorAll("details.deed")) {
    box.addEventListener("toggle", () => {
      if (!box.open) return;
      for (const other of document.querySelectorAll("details.deed[open]")) if (other !== box) other.open = false;
      box.querySelector("textarea, select, input:not([type=hidden])")?.focus();
    });
  }
  if (location.hash.length > 1) {
    const wished = document.getElementById(location.hash.slice(1));
    if (wished?.matches("details.deed")) wished.open = true;
  }

  const show = async (row) => {
    const turn = ++asked;
    const address = new URL(location.href);
    address.searchParams.set("pilih", row.dataset.key);
    const answer = await fetch(`/tiket/panel/${encodeURIComponent(row.dataset.key)}${address.search}`);
    if (!answer.ok || answer.redirected) { location.assign(address); return; }
    const html = await answer.text();
    if (turn !== asked) return; // a later key was faster
    panel.innerHTML = html; // from our own server, escaped there
    document.querySelector("h2[data-code]").textContent = row.dataset.key;
    history.replaceState(null, "", address);
  };
  const choose = (next) => {
    if (!rows[next]) return;
    rows[at]?.classList.remove("picked");
    at = next;
    rows[at].classList.add("picked");
    rows[at].scrollIntoView({ block: "nearest" });
    if (panel && wide.matches) show(rows[at]);
    else rows[at].querySelector(".matter a").focus();
  };
  many?.addEventListener("click", (event) => {
    const row = event.target.closest("tr.ticket");
    if (!row || !panel || !wide.matches || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    if (event.target.closest("input, button, label, .box")) return;
    if (event.target.closest("a") && !event.detail) return; // by key, a link leads where it says
    if (String(getSelection())) return; // text was marked, not a row chosen
    event.preventDefault();
    choose(rows.indexOf(row));
  });

  // The selection: values by code, kept for this tab and this person while one pages, filters and looks around.
  const key = many ? `jaring.tiket.${many.dataset.owner}` : "";
  const load = () => { try { return new Map(JSON.parse(sessionStorage.getItem(key) || "[]")); } catch { return new Map(); } };
  const save = (chosen) => sessionStorage.setItem(key, JSON.stringify([...chosen]));
  const bar = many?.querySelector(".bulk");
  if (bar) {
    let boxes = [...many.querySelectorAll("input[name=tiket]")];
    const count = bar.querySelector("[data-chosen]"), plain = count.textContent;
    const all = many.querySelector("[data-all]"), none = bar.querySelector("[data-none]");
    const deed = bar.querySelector("[data-deed]"), go = bar.querySelector(".btn.main");
    const chosen = load();
    const codeOf = (box) => box.value.split("~")[0];
    const tell = () => {
      for (const box of boxes) {
        box.checked = chosen.has(codeOf(box));
        if (box.checked) chosen.set(codeOf(box), box.value); // as it is on the page before us
        box.closest("tr").classList.toggle("chosen", box.checked);
      }
      count.textContent = chosen.size ? count.dataset.say.replace("%s", chosen.size) : plain;
      all.checked = boxes.length > 0 && boxes.every((box) => box.checked);
      none.hidden = !chosen.size;
      bar.classList.toggle("idle", !chosen.size);
      go.disabled = !chosen.size || !deed.value;
      const asks = deed.selectedOptions[0]?.dataset.asks || "";
      for (const label of bar.querySelectorAll("[data-when]")) label.hidden = !asks.includes(label.dataset.when);
      save(chosen);
    };
    const put = (box, on) => { if (on) chosen.set(codeOf(box), box.value); else chosen.delete(codeOf(box)); };
    all.hidden = false;
    all.addEventListener("change", () => { for (const box of boxes) put(box, all.checked); tell(); });
    none.addEventListener("click", () => { chosen.clear(); tell(); });
    deed.addEventListener("change", tell);
    many.addEventListener("change", (event) => {
      if (event.target.name !== "tiket") return;
      put(event.target, event.target.checked);
      tell();
    });
    many.addEventListener("jaring:swapped", () => { boxes = [...many.querySelectorAll("input[name=tiket]")]; tell(); });
    many.addEventListener("submit", (event) => {
      if (event.submitter?.name === "satu") return;
      const here = new Set(boxes.map(codeOf));
      for (const [code, value] of chosen) {
        if (here.has(code)) continue;
        many.append(Object.assign(document.createElement("input"), { type: "hidden", name: "tiket", value }));
      }
      sessionStorage.removeItem(key); // what is refused is named on the answer, with its link
    });
    addEventListener("pageshow", tell);
    tell();
  }

  many?.addEventListener("jaring:swapped", () => { // the list was brought up to date: the same ticket stays picked
    const code = document.querySelector("h2[data-code]")?.textContent;
    rows = [...document.querySelectorAll("tr.ticket")];
    at = Math.max(0, rows.findIndex((row) => row.dataset.key === code));
    for (const [n, row] of rows.entries()) row.classList.toggle("picked", n === at);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { document.activeElement.blur(); return; }
    if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
    const deeds = {
      j: () => choose(at + 1),
      k: () => choose(at - 1),
      x: () => rows[at]?.querySelector("input[name=tiket]")?.click(),
      b: () => document.querySelector("[data-key=b]")?.click(),
      t: () => document.querySelector("[data-key=t]")?.focus(),
      "/": () => { const box = document.getElementById("q"); if (box) { box.focus(); box.select(); } },
      Enter: () => { if (event.target === document.body && rows[at]) location.assign(rows[at].querySelector(".matter a").href); },
    };
    const deed = deeds[event.key];
    if (!deed) return;
    if (event.key !== "Enter") event.preventDefault();
    deed();
  });
})();
