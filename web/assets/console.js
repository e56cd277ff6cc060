"use strict";

const at = (id) => document.getElementById(id);
const form = at("ask"), query = at("query"), variables = at("variables"), answer = at("answer"), state = at("status");

/* Asking */

// Headers as the reader wrote them; the token never leaves this page but in the request itself.
function headersToSend() {
  const headers = new Headers({ Accept: "application/graphql-response+json, application/json" });
  for (const line of at("headers").value.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  const token = at("token").value.trim();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  return headers;
}

// JSON, or with a file the form of the GraphQL multipart request specification.
function bodyToSend(operation, headers) {
  const file = at("file").files[0];
  if (!file) {
    headers.set("Content-Type", "application/json");
    return JSON.stringify(operation);
  }
  const body = new FormData();
  body.set("operations", JSON.stringify({ ...operation, variables: { ...operation.variables, file: null } }));
  body.set("map", JSON.stringify({ 0: ["variables.file"] }));
  body.set("0", file);
  return body;
}

let running = null, socket = null;

// Over WebSocket, by graphql-transport-ws. The newest stand first, and no more than a screen or two of them.
const EVENTS_MAX = 50;

function isSubscription(text) {
  return /^\s*subscription\b/m.test(text.replace(/#[^\n]*/g, ""));
}

function stop() {
  running?.abort();
  socket?.close(1000);
  socket = null;
  at("stop").hidden = true;
}

function follow(given) {
  const address = new URL(form.action);
  address.protocol = address.protocol.replace("http", "ws");
  const mine = (socket = new WebSocket(address, "graphql-transport-ws"));
  const token = at("token").value.trim(), told = [];
  const send = (message) => mine.send(JSON.stringify(message));
  at("stop").hidden = false;
  say("connecting…", "");
  mine.addEventListener("open", () => send({ type: "connection_init", payload: token ? { Authorization: `Bearer ${token}` } : {} }));
  mine.addEventListener("message", (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "ping") return send({ type: "pong" });
    if (message.type === "connection_ack") {
      send({ type: "subscribe", id: "1", payload: { query: query.value, variables: given } });
      state.textContent = "following; nothing happened yet";
    } else if (message.type === "next" || message.type === "error") {
      told.unshift(message.payload);
      told.length = Math.min(told.length, EVENTS_MAX);
      say(message.type === "error" ? "refused" : `following · ${told.length} shown, the newest first`, JSON.stringify(told));
    } else if (message.type === "complete") {
      stop();
      state.textContent = "ended";
    }
  });
  mine.addEventListener("close", (event) => {
    // One that was stopped here has said so already.
    if (socket !== mine) return;
    stop();
    state.textContent = event.code === 1000 ? "ended" : `ended: ${event.reason || event.code}`;
  });
}

/* What was asked before, for as long as this page is open */

const HISTORY_MAX = 30;
const past = [], history_ = at("history");

function remember() {
  const one = { query: query.value, variables: variables.value };
  if (past[0]?.query === one.query && past[0]?.variables === one.variables) return;
  past.unshift(one);
  past.length = Math.min(past.length, HISTORY_MAX);
  history_.hidden = past.length < 2;
  history_.replaceChildren(...past.map((it, i) => {
    const named = it.query.replace(/#[^\n]*/g, "").match(/\b(query|mutation|subscription)\s+(\w+)/);
    return new Option(`${i ? `${i} before: ` : "Last: "}${named?.[2] ?? it.query.trim().slice(0, 24)}`, i);
  }));
}

history_.addEventListener("change", () => {
  const it = past[history_.value];
  query.value = it.query;
  variables.value = it.variables;
});
at("stop").addEventListener("click", () => { stop(); state.textContent = "stopped"; });

async function ask() {
  let given;
  try {
    given = variables.value.trim() ? JSON.parse(variables.value) : {};
  } catch (fault) {
    say(`the variables are no JSON: ${fault.message}`, "");
    variables.focus();
    return;
  }
  stop();
  remember();
  if (isSubscription(query.value)) return follow(given);
  const mine = (running = new AbortController());
  const began = performance.now();
  state.textContent = "asking…";
  try {
    const headers = headersToSend();
    const body = bodyToSend({ query: query.value, variables: given }, headers);
    const response = await fetch(form.action, { method: "POST", body, headers, signal: mine.signal, credentials: "same-origin" });
    const text = await response.text();
    const took = Math.round(performance.now() - began);
    say(`${response.status} ${response.statusText} · ${took} ms · ${(text.length / 1000).toFixed(1)} kB`, text);
  } catch (fault) {
    if (fault.name !== "AbortError") say(`not answered: ${fault.message}`, "");
  }
}

function say(status, text) {
  state.textContent = status;
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // What is no JSON is shown as it came.
  }
  answer.replaceChildren(...(shown.length < 200_000 ? coloured(shown) : [shown]));
  answer.scrollTop = 0;
}

// Keys, texts and numbers of JSON in their colours; as text nodes, so that nothing in an answer can act.
function coloured(json) {
  const parts = json.split(/("(?:\\.|[^"\\])*"(?:\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/);
  return parts.map((part, i) => {
    if (i % 2 === 0) return part;
    const span = document.createElement("span");
    span.className = part.endsWith(":") ? "k" : part[0] === '"' ? "s" : "n";
    span.textContent = part;
    return span;
  });
}

/* Writing */

let leaving = false;

function edit(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    ask();
    return;
  }
  const area = event.target;
  if (area !== query && area !== variables) return;
  if (event.key === "Escape") {
    leaving = true;
  } else if (event.key === "Tab" && !event.shiftKey && !leaving && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    put(area, "  ");
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    const before = area.value.slice(0, area.selectionStart);
    const indent = before.slice(before.lastIndexOf("\n") + 1).match(/^[ \t]*/)[0];
    put(area, `\n${indent}${/[{([]\s*$/.test(before) ? "  " : ""}`);
  }
  if (event.key !== "Escape") leaving = false;
}

// insertText keeps the browser's undo; setRangeText does not, and is for browsers without it.
function put(area, text) {
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
}

form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
form.addEventListener("keydown", edit);

for (const button of document.querySelectorAll("[data-query]")) {
  button.addEventListener("click", () => {
    query.value = button.dataset.query;
    variables.value = button.dataset.variables;
    query.focus();
    query.setSelectionRange(0, 0);
    query.scrollTop = 0;
  });
}

// Pages link what they ask as #query=…&variables=…; it is shown, not run.
const linked = new URLSearchParams(location.hash.slice(1));
if (linked.has("query")) {
  query.value = linked.get("query");
  variables.value = linked.get("variables") ?? "";
}

/* Documentation */

const docs = at("docs"), find = at("find");
let types = new Map();
const trail = [];

function element(tag, ...children) {
  const it = document.createElement(tag);
  it.append(...children);
  return it;
}

// A type as written, its name a button that opens it.
function typeLink(text) {
  const name = text.replace(/[[\]!]/g, "");
  const [before, after] = text.split(name);
  if (!types.has(name)) return element("span", text);
  const button = element("button", name);
  button.type = "button";
  button.addEventListener("click", () => open(name));
  return element("span", before, button, after);
}

function definition(field) {
  const head = element("dt", field.name);
  if (field.args.length) {
    head.append("(");
    field.args.forEach((arg, i) => head.append(i ? ", " : "", `${arg.name}: `, typeLink(arg.type), arg.fallback === null ? "" : ` = ${arg.fallback}`));
    head.append(")");
  }
  if (field.type) head.append(": ", typeLink(field.type));
  if (field.fallback !== null) head.append(` = ${field.fallback}`);
  const told = [field.description, field.deprecated && `Deprecated: ${field.deprecated}`];
  for (const arg of field.args) if (arg.description) told.push(`${arg.name}: ${arg.description}`);
  return [head, element("dd", told.filter(Boolean).join("\n"))];
}

function section(title, fields) {
  return fields.length ? [element("h3", title), element("dl", ...fields.flatMap(definition))] : [];
}

function open(name) {
  trail.push(name);
  const it = types.get(name);
  const back = element("button", "All types");
  back.type = "button";
  back.addEventListener("click", index);
  const previous = trail.at(-2);
  const way = element("p", back, ...(previous && previous !== name ? [" / ", typeLink(previous)] : []));
  docs.replaceChildren(way, element("h3", `${it.kind} ${it.name}`), element("p", it.description),
    ...section("Fields", it.fields), ...section("Values", it.values));
  for (const other of [...it.members, ...it.interfaces]) docs.append(element("p", typeLink(other)));
  docs.scrollTop = 0;
  back.focus({ preventScroll: true });
}

function index() {
  trail.length = 0;
  const roots = ["Query", "Mutation", "Subscription"].filter((name) => types.has(name));
  const others = [...types.keys()].filter((name) => !roots.includes(name)).sort();
  docs.replaceChildren(...roots.flatMap((name) => section(name, types.get(name).fields)),
    element("h3", "All types"), ...others.map((name) => element("p", typeLink(name))));
}

function search() {
  const wanted = find.value.trim().toLowerCase();
  if (!wanted) return index();
  const has = (it) => it.name.toLowerCase().includes(wanted);
  const found = [...types.values()].filter((it) => has(it) || [...it.fields, ...it.values].some(has));
  docs.replaceChildren(element("h3", found.length ? "Found" : "Nothing has this name"), ...found.slice(0, 60).map((it) => {
    const inside = [...it.fields, ...it.values].filter(has).slice(0, 8).map((field) => field.name).join(", ");
    return element("p", typeLink(it.name), inside && `: ${inside}`);
  }));
}

find.addEventListener("input", search);
find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });

fetch(form.dataset.schema)
  .then((response) => (response.ok ? response.text() : Promise.reject(new Error(`${response.status}`))))
  .then((text) => { types = readSdl(text); index(); })
  .catch((fault) => docs.replaceChildren(element("p", `The schema cannot be shown: ${fault.message}`)));
