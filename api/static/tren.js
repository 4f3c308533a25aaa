// Fetches the panels that cost too much for the page itself, one after another. Without script a link asks for them.
"use strict";
(async () => {
  for (const waiting of document.querySelectorAll("[data-late]")) {
    const told = waiting.querySelector("[data-told]"), panel = waiting.closest("section");
    told.textContent = told.dataset.told;
    panel.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(waiting.dataset.late, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("section");
      panel.replaceWith(document.importNode(found, true));
    } catch {
      told.textContent = told.dataset.failed;
      panel.removeAttribute("aria-busy");
    }
  }
})();
