// Adds to a form that works without it: places as one types, a map that answers at once, photos checked before they leave.
"use strict";
(() => {
  const form = document.querySelector("form.record");
  const place = document.querySelector("[data-place]");
  if (!form || !place) return;
  document.documentElement.classList.add("has-script");
  let asked = 0;
  let timer = 0;

  const fields = (more) => {
    const query = new URLSearchParams();
    for (const field of place.querySelectorAll("input, select")) {
      if (!field.name || field.type === "image" || (field.type === "radio" && !field.checked)) continue;
      query.set(field.name, field.value);
    }
    for (const [name, value] of Object.entries(more)) query.set(name, value);
    return query;
  };

  const fetched = async (more) => {
    const turn = ++asked;
    const answer = await fetch(`/catat/tempat?${fields(more)}`);
    if (!answer.ok || answer.redirected || turn !== asked) return null; // a later key was faster
    const box = document.createElement("div");
    box.innerHTML = await answer.text(); // from our own server, escaped there
    return turn === asked ? box : null;
  };

  const live = () => { const map = place.querySelector("[data-map]"); if (map) map.classList.add("live"); };

  const renew = async (more) => {
    const box = await fetched(more);
    if (!box) return;
    place.replaceChildren(...box.childNodes);
    live();
    const next = place.querySelector(".spot button, [data-place-search]");
    if (next) next.focus({ preventScroll: true });
  };

  const suggest = async () => {
    const box = await fetched({ aksi: "cari_tempat", saran: "1" });
    const now = box && box.querySelector("[data-place-found]");
    const old = place.querySelector("[data-place-found]");
    if (now && old) old.replaceWith(now);
  };

  place.addEventListener("input", (event) => {
    if (!event.target.matches("[data-place-search]")) return;
    clearTimeout(timer);
    timer = setTimeout(suggest, 160); // a pause in typing
  });
  place.addEventListener("change", (event) => {
    if (!event.target.matches("[data-place-change]")) return;
    renew(event.target.name === "wilayah" ? { tempat: "", kode: "", titik: "", zum: "" } : {});
  });
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-place-search]")) return;
    event.preventDefault(); // Enter looks the place up, it does not save
    clearTimeout(timer);
    const first = place.querySelector(".found input");
    if (first) first.focus(); else suggest();
  });
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-place-button]");
    if (button) { event.preventDefault(); renew({ aksi: button.value }); return; }
    const map = event.target.closest("[data-map] svg");
    if (!map) return;
    const at = map.getBoundingClientRect();
    const wide = place.querySelector(".map .wide");
    const scale = Number(wide.getAttribute("width")) / at.width;
    renew({ "peta.x": Math.round((event.clientX - at.left) * scale), "peta.y": Math.round((event.clientY - at.top) * scale) });
  });

  const photos = form.querySelector("input[type=file]");
  const wrong = form.querySelector("[data-photo-wrong]");
  photos.addEventListener("change", () => {
    const most = Number(form.dataset.most) * 1e6;
    const big = [...photos.files].find((file) => file.size > most);
    wrong.hidden = !big;
    wrong.textContent = big ? `${big.name} ${form.dataset.tooBig}` : "";
    photos.setCustomValidity(wrong.textContent);
  });

  let sent = false;
  form.addEventListener("submit", (event) => { if (sent) event.preventDefault(); sent = true; });
  addEventListener("pageshow", () => { sent = false; });

  live();
  const likely = document.getElementById("judul-serupa");
  if (likely) likely.focus();
})();
