// What makes reading easier; every page works without it.
"use strict";
(() => {
  document.documentElement.classList.add("js");

  // The strip of pages on a phone: the present one in sight.
  const strip = document.querySelector(".side"), here = strip?.querySelector("[aria-current]");
  if (strip && here && strip.scrollWidth > strip.clientWidth) {
    strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
  }

  // Long filters on a phone: folded behind a button that says how many are set.
  document.querySelectorAll("main form.filters[aria-label]").forEach((form, number) => {
    const fields = [...form.querySelectorAll("input:not([type=hidden]), select")];
    if (fields.length < 4 || form.querySelector("[type=search]")) return;
    const set = fields.filter((f) => f.type === "checkbox" ? f.checked : f.value && new URLSearchParams(location.search).has(f.name)).length;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "filters-open";
    button.textContent = form.getAttribute("aria-label") + (set ? ` (${set})` : "");
    form.id ||= `filters-${number}`;
    button.setAttribute("aria-controls", form.id);
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      const folded = form.classList.toggle("folded");
      button.setAttribute("aria-expanded", String(!folded));
      if (!folded) fields[0].focus();
    });
    form.classList.add("folded");
    form.before(button);
  });

  // Layers switched on and off without asking again: a mark keeps the names of all layers over it.
  const layers = document.querySelector("form.layers");
  if (layers) {
    const base = new URL(location.href);
    layers.addEventListener("change", (event) => {
      const box = event.target.closest?.('input[name="layer"]');
      if (!box) return;
      const [from, to] = box.checked ? [`l-off-${box.value}`, `l-${box.value}`] : [`l-${box.value}`, `l-off-${box.value}`];
      document.querySelectorAll(`.reader-text mark.${from}`).forEach((mark) => mark.classList.replace(from, to));
      base.search = new URLSearchParams(new FormData(layers)).toString();
      history.replaceState(null, "", base);
    });
  }

  // The search field from anywhere, as on many sites.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector("main input[name=q]") ?? document.querySelector(".find input");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  });
})();
