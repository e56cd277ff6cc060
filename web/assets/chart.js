"use strict";

// Points at a place of a chart over time and tells the numbers there, by mouse, touch and arrow keys. The numbers are those of the
// table below the chart, so nothing is sent twice.
const TOP = 12, HEIGHT = 180;

for (const chart of document.querySelectorAll("[data-chart]")) {
  const plot = chart.querySelector(".plot");
  if (plot) point(chart, plot);
}

function point(chart, plot) {
  const drawing = plot.querySelector("svg"), top = Number(chart.dataset.chart);
  const names = [...chart.querySelectorAll("thead th")].slice(1).map((cell) => cell.textContent);
  const rows = [...chart.querySelectorAll("tbody tr")].map((row) => ({
    when: row.cells[0].textContent,
    counts: [...row.cells].slice(1).map((cell) => cell.textContent),
  }));
  if (rows.length < 2) return;
  const svg = (tag, attributes) => {
    const it = document.createElementNS(drawing.namespaceURI, tag);
    for (const [name, value] of Object.entries(attributes)) it.setAttribute(name, value);
    return it;
  };
  const cursor = svg("g", { visibility: "hidden" });
  const line = svg("line", { class: "cursor", y1: TOP, y2: TOP + HEIGHT });
  const dots = names.map((_, i) => svg("circle", { class: `dot c${i + 1}`, r: 5 }));
  cursor.append(line, ...dots);
  drawing.append(cursor);
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  const told = document.createElement("p");
  told.className = "hidden";
  told.setAttribute("role", "status");
  plot.append(tip, told);
  plot.tabIndex = 0;
  plot.setAttribute("role", "group");
  plot.setAttribute("aria-label", `${chart.querySelector("figcaption").textContent}: walk with the arrow keys`);
  let at = rows.length - 1;

  function show(index) {
    at = Math.max(0, Math.min(rows.length - 1, index));
    const x = at / (rows.length - 1), row = rows[at];
    for (const [name, value] of [["x1", x], ["x2", x]]) line.setAttribute(name, `${value * 100}%`);
    dots.forEach((dot, i) => {
      dot.setAttribute("cx", `${x * 100}%`);
      dot.setAttribute("cy", TOP + HEIGHT * (1 - Number(row.counts[i].replace(/\D/g, "")) / top));
    });
    const when = document.createElement("span");
    when.textContent = row.when;
    tip.replaceChildren(when, ...row.counts.map((count, i) => {
      const it = document.createElement("b");
      it.textContent = names.length > 1 ? `${names[i]}: ${count}` : count;
      return it;
    }));
    cursor.setAttribute("visibility", "visible");
    tip.hidden = false;
    const box = drawing.getBoundingClientRect(), from = box.left - plot.getBoundingClientRect().left;
    const room = plot.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(room, from + x * box.width + (x > 0.5 ? -tip.offsetWidth - 12 : 12)))}px`;
  }

  function hide() {
    cursor.setAttribute("visibility", "hidden");
    tip.hidden = true;
  }

  plot.addEventListener("pointermove", (event) => {
    const box = drawing.getBoundingClientRect();
    show(Math.round((event.clientX - box.left) / box.width * (rows.length - 1)));
  });
  plot.addEventListener("pointerleave", () => { if (document.activeElement !== plot) hide(); });
  // Whoever comes by Tab is shown where they stand; a click shows what it points at.
  plot.addEventListener("focus", () => { if (plot.matches(":focus-visible")) show(at); });
  plot.addEventListener("blur", hide);
  plot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7, Home: -rows.length, End: rows.length }[event.key];
    if (event.key === "Escape") hide();
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    show(tip.hidden && Math.abs(step) === 1 ? at : at + step);
    told.textContent = tip.innerText.replace(/\n/g, ", ");
  });
}
