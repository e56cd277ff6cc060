"use strict";

// Waits until nobody types any more.
function later(deed, ms) {
  let timer;
  return (...given) => { clearTimeout(timer); timer = setTimeout(deed, ms, ...given); };
}

/* Lists: the same address is asked, and the part of its page that differs takes the place of ours. */

const form = document.querySelector("form[data-live]");
if (form) {
  const said = document.getElementById("list-status");
  let asking = null;

  const region = () => document.getElementById("list");

  // The address that the form would go to, without what says nothing.
  function address() {
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(given).toString();
    return form.getAttribute("action") + (query ? `?${query}` : "");
  }

  // Shows an address; how it is kept in the history: "push", "replace" or not at all.
  async function load(to, keep) {
    asking?.abort();
    const mine = (asking = new AbortController());
    region().setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(to, { headers: { Accept: "text/html" }, signal: mine.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("list");
      // A page of another kind, such as a problem, is opened as it is.
      if (!fresh || (!answer.ok && answer.status !== 400)) return location.assign(to);
      region().replaceWith(document.adoptNode(fresh));
      document.title = page.title;
      if (keep === "push") history.pushState(null, "", to);
      if (keep === "replace") history.replaceState(null, "", to);
      const problem = page.getElementById("problem")?.textContent;
      said.textContent = problem ?? region().querySelector("h2")?.textContent ?? "";
      mend(problem);
    } catch (fault) {
      if (fault.name !== "AbortError") location.assign(to);
    }
  }

  // What is wrong with what was written stands where the server would have put it.
  function mend(problem) {
    const field = form.elements.qgis;
    let shown = document.getElementById("problem");
    if (!problem) {
      shown?.remove();
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      return;
    }
    if (!shown) {
      shown = document.createElement("p");
      shown.id = "problem";
      shown.className = "problem";
      form.after(shown);
    }
    shown.textContent = problem;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", "problem");
  }

  // The form says what the address says, also after going back.
  function sync() {
    const query = new URLSearchParams(location.search);
    for (const field of form.elements) {
      if (!field.name) continue;
      if (field.type === "checkbox") field.checked = query.has(field.name);
      else if (field.type === "hidden") { if (!query.getAll(field.name).includes(field.value)) field.remove(); }
      else field.value = query.get(field.name) ?? "";
    }
  }

  let typing = false;
  const typed = later(() => { load(address(), typing ? "replace" : "push"); typing = true; }, 250);
  form.addEventListener("input", (event) => { if (event.target.name === "q" || event.target.name === "qgis") typed(); });
  form.addEventListener("focusout", () => { typing = false; });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, [type=checkbox]")) load(address(), "push");
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); load(address(), "push"); });

  // Links to other places of this list.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("#list .pages a, #list .chips a");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || link.pathname !== location.pathname) return;
    event.preventDefault();
    await load(link.href, "push");
    sync();
    region().querySelector("h2")?.focus();
    region().scrollIntoView({ block: "nearest" });
  });
  addEventListener("popstate", async () => { await load(location.href); sync(); });
}

/* Suggestions while somebody types: the combobox of the ARIA Authoring Practices, with a list. */

for (const box of document.querySelectorAll("form[data-suggest]")) {
  const input = box.querySelector("input[type=search]");
  const list = document.getElementById(`${input.id}-list`);
  const said = document.getElementById(`${input.id}-status`);
  let asking = null, at = -1;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const options = () => [...list.children];

  function close() {
    asking?.abort();
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function option({ package: name, name: title, description }, n) {
    const it = document.createElement("li");
    it.id = `${list.id}-${n}`;
    it.setAttribute("role", "option");
    it.setAttribute("aria-selected", "false");
    it.dataset.href = `${box.dataset.plugins}${encodeURIComponent(name)}/`;
    const head = document.createElement("b");
    head.textContent = title;
    const line = document.createElement("span");
    line.textContent = description;
    it.append(head, line);
    it.addEventListener("mousedown", (event) => { event.preventDefault(); location.assign(it.dataset.href); });
    return it;
  }

  function choose(n) {
    const all = options();
    at = (n + all.length) % all.length;
    all.forEach((it, i) => it.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }

  const typed = later(async () => {
    const text = input.value.trim();
    if (text.length < 2) return close();
    asking?.abort();
    const mine = (asking = new AbortController());
    try {
      const body = JSON.stringify({ query: box.dataset.suggest, operationName: "Suggest", variables: { text } });
      const headers = { "Content-Type": "application/json", Accept: "application/json" };
      const answer = await fetch(box.dataset.graphql, { method: "POST", headers, body, signal: mine.signal });
      const found = (await answer.json()).data?.suggest ?? [];
      at = -1;
      input.removeAttribute("aria-activedescendant");
      list.replaceChildren(...found.map(option));
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      said.textContent = found.length === 0 ? "No suggestion." : `${found.length} ${found.length === 1 ? "suggestion" : "suggestions"}; arrows choose.`;
    } catch {
      // Without suggestions the form still searches.
      if (!mine.signal.aborted) close();
    }
  }, 150);

  input.addEventListener("input", typed);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); return; }
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); choose(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); choose(at < 0 ? -1 : at - 1); }
    else if (event.key === "Enter" && at >= 0) { event.preventDefault(); location.assign(options()[at].dataset.href); }
  });
}
