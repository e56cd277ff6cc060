// Regions that keep themselves up to date: the same page is asked again, and the region of it takes the place of the old one.
for (const region of document.querySelectorAll("[data-refresh]")) {
  const note = document.querySelector("[data-live-note]");
  if (note) note.hidden = false;
  let shown = region;
  let pending = 0;
  const refresh = async () => {
    // Nothing is taken from under somebody's hands or eyes.
    if (document.hidden || shown.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const text = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = text.getElementById(region.id);
      if (!fresh || fresh.isEqualNode(shown)) return;
      const taken = document.importNode(fresh, true);
      shown.replaceWith(taken);
      shown = taken;
    } catch {
      // The server is away; the next time it may be back.
    }
  };
  setInterval(refresh, Number(region.dataset.refresh) * 1000);
  if (region.dataset.live) follow(region, () => {
    // Many events at once are one refresh.
    clearTimeout(pending);
    pending = setTimeout(refresh, 250);
  });
}

// The log's subscription says when there is something new; where it is not to be had, the clock above does.
function follow(region, changed) {
  const address = new URL(region.dataset.live, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address, "graphql-transport-ws");
  const say = (message) => socket.send(JSON.stringify(message));
  socket.addEventListener("open", () => say({ type: "connection_init" }));
  socket.addEventListener("message", ({ data }) => {
    const { type } = JSON.parse(data);
    const query = `subscription { events(after: ${Number(region.dataset.head)}) { position } }`;
    if (type === "connection_ack") say({ id: "log", type: "subscribe", payload: { query } });
    else if (type === "ping") say({ type: "pong" });
    else if (type === "next") changed();
  });
}

// Sentences that are often meant: choosing one writes it, and it can be changed before it is sent.
for (const list of document.querySelectorAll("select[data-fill]")) {
  const field = document.getElementById(list.dataset.fill);
  list.addEventListener("change", () => {
    if (!list.value) return;
    field.value = field.value ? `${field.value.trim()} ${list.value}` : list.value;
    list.value = "";
    field.focus();
  });
}

// Keys of the queue: j and k go down and up, Enter opens, as lists of mail have them.
const rows = [...document.querySelectorAll("[data-queue] a[data-row]")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (step && rows.length) {
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))].focus();
    event.preventDefault();
  }
  const next = document.querySelector("a[data-next]");
  if (event.key === "n" && next) next.click();
});
