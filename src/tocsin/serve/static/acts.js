// Acts without leaving the page. Every form here works without this file; it only sends them aside, keeps what
// was typed when something stands in the way, and adds keys for triage and selecting words to correct a claim.
"use strict";
(() => {
  const live = document.getElementById("live");
  const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
  const say = (key, tone = "") => {
    if (!live) return;
    live.textContent = live.dataset[key] ?? "";
    live.dataset.tone = tone;
    live.classList.add("up");
    clearTimeout(say.timer);
    if (tone !== "bad") say.timer = setTimeout(() => live.classList.remove("up"), 4000);
  };

  // --- forms sent aside -----------------------------------------------------------------------------
  const swap = (made, ids) => {
    let done = 0;
    for (const id of ids) {
      const now = document.getElementById(id), then = made.getElementById(id);
      if (!now || !then) continue;
      const inside = now.contains(document.activeElement);
      const name = inside ? document.activeElement.getAttribute("aria-label") : null;
      const next = document.importNode(then, true);
      now.replaceWith(next);
      if (inside) {
        const same = name && [...next.querySelectorAll("[aria-label]")].find((e) => e.getAttribute("aria-label") === name);
        if (!same && !next.hasAttribute("tabindex")) next.tabIndex = -1;
        (same || next).focus({ preventScroll: true });
      }
      done += 1;
    }
    document.querySelectorAll(".js[hidden]").forEach((e) => { e.hidden = false; });
    return done;
  };

  const conflict = (made) => {
    const found = made.getElementById("again") ?? made.getElementById("main");
    if (!found) return false;
    const box = document.createElement("dialog");
    box.className = "act-dialog";
    box.append(document.importNode(found, true));
    const label = box.querySelector("h1");
    if (label) { label.id = "act-dialog-h"; box.setAttribute("aria-labelledby", label.id); }
    const leave = box.querySelector("form a");
    leave?.addEventListener("click", (event) => { event.preventDefault(); box.close(); });
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
    return true;
  };

  const send = async (form, button) => {
    if (form.getAttribute("aria-busy") === "true") return null;
    const data = new URLSearchParams(new FormData(form));
    if (button?.name) data.set(button.name, button.value);
    const item = form.closest("li.claim");
    if (item?.dataset.claim && button?.name === "verdict" && !form.dataset.swap) data.set("next", `/claims/${item.dataset.claim}`);
    form.setAttribute("aria-busy", "true");
    item?.classList.add("pending");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: data, credentials: "same-origin",
        headers: { "X-CSRF-Token": csrf, Accept: "text/html" },
      });
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok) {
        item?.classList.remove("pending");
        if (!conflict(made)) say("failed", "bad");
        return false;
      }
      const ids = form.dataset.swap ? form.dataset.swap.split(" ") : item ? [item.id] : [];
      const clear = form.hasAttribute("data-clear");
      if (!swap(made, ids)) { location.assign(answer.url); return true; }
      if (clear && form.isConnected) form.reset();
      say("saved");
      return true;
    } catch {
      item?.classList.remove("pending");
      say("failed", "bad"); // nothing was cleared: what was typed stands in its fields
      return false;
    } finally {
      form.removeAttribute("aria-busy");
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-act")) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-auto]");
    if (form) form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const fill = event.target.closest?.("[data-fill]");
    if (!fill) return;
    const field = document.getElementById(fill.dataset.fill);
    if (field) { field.value = fill.dataset.value; field.focus(); }
  });
  document.querySelectorAll(".js[hidden]").forEach((e) => { e.hidden = false; });

  // --- what is typed outlives a reload ----------------------------------------------------------------
  const draftKey = (field) => `draft ${location.pathname} ${field.form?.id ?? ""} ${field.name}`;
  const drafted = (field) => field instanceof HTMLTextAreaElement && field.name && field.form?.method === "post";
  document.addEventListener("input", (event) => {
    if (drafted(event.target)) try { sessionStorage.setItem(draftKey(event.target), event.target.value); } catch { /* full or forbidden: the field itself still holds it */ }
  });
  document.addEventListener("submit", (event) => {
    for (const field of event.target.querySelectorAll("textarea")) sessionStorage.removeItem(draftKey(field));
  });
  for (const field of document.querySelectorAll("form[id] textarea")) {
    const kept = drafted(field) ? sessionStorage.getItem(draftKey(field)) : null;
    if (kept && !field.value) field.value = kept;
  }

  // --- triage by keyboard: only while the focus is in the list ------------------------------------------
  const cards = () => [...document.querySelectorAll("ol.claims > li.claim")];
  const go = (card) => {
    if (!card) return;
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  };
  const press = (card, verdict) => {
    const form = card.querySelector('form[action="/judge"]');
    const button = form?.querySelector(`button[value="${verdict}"]`);
    if (!button) return;
    const all = cards(), next = all[all.indexOf(card) + 1];
    send(form, button);
    go(next ?? card);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const card = document.activeElement?.closest?.("ol.claims > li.claim");
    if (!card) return;
    const all = cards(), at = all.indexOf(card);
    const acts = {
      KeyJ: () => go(all[at + 1]), KeyK: () => go(all[at - 1]),
      KeyC: () => press(card, "confirm"), KeyR: () => press(card, "reject"),
      KeyM: () => { const box = card.querySelector("details.judge"); if (box) { box.open = true; box.querySelector('input[name="reason"]')?.focus(); } },
      KeyO: () => location.assign(card.querySelector('a[href^="/documents/"]')?.href ?? location.href),
    };
    const act = acts[event.code]; // the key, whatever the layout: j is «о» on a Russian one
    if (act) { event.preventDefault(); act(); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-triage]")) go(cards()[0]);
  });

  // --- correcting a span: select the right words in the reader ------------------------------------------
  const bar = document.getElementById("correct-bar");
  const text = document.querySelector(".reader-text .ev");
  if (bar && text) {
    const points = (string) => [...string].length;
    const select = bar.elements.namedItem("finding_id");
    const field = (name) => bar.elements.namedItem(name);
    const know = () => { field("seen").value = select.selectedOptions[0]?.dataset.seen ?? "0"; };
    const nearest = (start, end) => {
      let best = 0, most = -1;
      [...select.options].forEach((option, number) => {
        const shared = (option.dataset.spans || "").split(" ").filter(Boolean).reduce((sum, span) => {
          const [from, to] = span.split("-").map(Number);
          return sum + Math.max(0, Math.min(to, end) - Math.max(from, start));
        }, 0);
        if (shared > most) { most = shared; best = number; }
      });
      select.selectedIndex = best;
      know();
    };
    document.addEventListener("selectionchange", () => {
      const chosen = getSelection();
      if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return;
      const range = chosen.getRangeAt(0);
      if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
      const before = document.createRange();
      before.setStart(text, 0);
      before.setEnd(range.startContainer, range.startOffset);
      const start = Number(text.dataset.start) + points(before.toString());
      const words = range.toString();
      if (!words.trim()) return;
      field("start").value = String(start);
      field("end").value = String(start + points(words));
      field("words").value = words;
      bar.querySelector("output").textContent = words.length > 160 ? `${words.slice(0, 120)} … ${words.slice(-30)}` : words;
      bar.hidden = false;
      nearest(start, start + points(words));
    });
    select.addEventListener("change", know);
    bar.addEventListener("keydown", (event) => { if (event.key === "Escape") bar.hidden = true; });
    bar.querySelector("[data-close]").addEventListener("click", () => { bar.hidden = true; });
  }

  // --- uploads: sent with progress, then watched until they are read --------------------------------------
  const upload = document.querySelector("form[data-upload]");
  upload?.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    const bar = document.getElementById("sent");
    request.upload.addEventListener("progress", (step) => { if (step.lengthComputable) bar.value = step.loaded / step.total; });
    request.addEventListener("load", () => {
      upload.removeAttribute("aria-busy");
      const made = new DOMParser().parseFromString(request.responseText, "text/html");
      if (request.status >= 400 || !swap(made, ["jobs"])) { conflict(made) || say("failed", "bad"); return; }
      upload.reset();
      bar.value = 0;
      say("saved");
      watch();
    });
    request.addEventListener("error", () => { upload.removeAttribute("aria-busy"); say("failed", "bad"); });
    request.open("POST", upload.action);
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("Accept", "text/html");
    upload.setAttribute("aria-busy", "true");
    request.send(new FormData(upload));
  });
  const watch = () => {
    const list = document.querySelector("[data-poll]");
    if (!list) return;
    setTimeout(async () => {
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
        if (answer.ok) swap(new DOMParser().parseFromString(await answer.text(), "text/html"), [list.id]);
      } catch { /* asked again below */ }
      watch();
    }, Number(list.dataset.poll));
  };
  watch();
})();
