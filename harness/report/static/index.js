"use strict";
// The index's table: filters, sorts and searches rows that came with the page as data, and renders them in pieces.
// Text from the run only ever becomes text nodes and attribute values of our own choosing.
(() => {
  const byId = (id) => document.getElementById(id);
  document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = button.parentElement.querySelector("code").textContent;
    navigator.clipboard?.writeText(text).then(() => { button.textContent = "Copied"; }, () => {});
  });
  const source = byId("data");
  if (!source) return;
  const PIECE = 100;
  const PRINTED = 2000;
  const WORDS = { reproduced: "Reproduced", not_reproduced: "Not reproduced", inconclusive: "Inconclusive" };
  const FLAGS = { regression: "The symptom is back", attention: "Not as expected" };
  const RANK = { reproduced: 0, inconclusive: 1, not_reproduced: 2 };
  const { columns, rows: raw } = JSON.parse(source.textContent);
  const rows = raw.map((cells, order) => {
    const row = { order };
    columns.forEach((name, i) => { row[name] = cells[i]; });
    return row;
  });
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const text = (name) => (a, b) => (a[name] === "") - (b[name] === "") || collator.compare(a[name], b[name]);
  const SORTS = {
    verdict: { label: "Verdict", compare: (a, b) => RANK[a.verdict] - RANK[b.verdict] },
    title: { label: "Scenario", compare: text("title") },
    area: { label: "Area", compare: text("area") },
    customer: { label: "Customer", compare: text("customer") },
    classification: { label: "Classification", compare: text("classification") },
    share: { label: "Rate", compare: (a, b) => a.share - b.share },
    ms: { label: "Took", compare: (a, b) => a.ms - b.ms },
  };
  const FACETS = ["area", "customer", "classification"];
  const state = { verdicts: new Set(), attention: false, q: "", area: "", customer: "", classification: "", sort: "", down: false };
  let matching = rows;
  let rendered = 0;

  const element = (tag, className, content) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (content !== undefined) node.textContent = content;
    return node;
  };
  const duration = (ms) => {
    if (ms < 1000) return `${Math.round(ms)} ms`;
    if (ms < 60000) return `${(ms / 1000).toFixed(1).replace(/\.0$/, "")} s`;
    const seconds = Math.round(ms / 1000);
    return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ""}`;
  };
  const icons = {};
  document.querySelectorAll("[data-verdict]").forEach((tile) => { icons[tile.dataset.verdict] = tile.querySelector("svg"); });

  const stateCell = (row) => {
    const cell = element("td", "state");
    const badge = element("span", `badge v-${row.verdict}`);
    if (icons[row.verdict]) badge.append(icons[row.verdict].cloneNode(true));
    badge.append(WORDS[row.verdict] || row.verdict);
    cell.append(badge);
    const flag = row.verdict === "inconclusive" ? "" : FLAGS[row.note];
    if (flag) cell.append(element("span", "flag", flag));
    return cell;
  };
  const whatCell = (row) => {
    const cell = element("td", "what");
    const link = element("a", "", row.title);
    link.href = row.href;
    link.dir = "auto";
    const why = element("span", "why", row.reason);
    why.dir = "auto";
    cell.append(link, element("span", "sub", [row.ticket, row.scenario].filter(Boolean).join(" · ")), why);
    return cell;
  };
  const render = (row) => {
    const line = element("tr");
    line.append(stateCell(row), whatCell(row), element("td", "", row.area), element("td", "", row.customer),
      element("td", "", row.classification), element("td", "num", row.rate), element("td", "num", duration(row.ms)));
    line.setAttribute("role", "row");
    for (const cell of line.children) cell.setAttribute("role", "cell");
    return line;
  };

  const body = byId("results").tBodies[0];
  const renderMore = (number) => {
    const piece = document.createDocumentFragment();
    for (const row of matching.slice(rendered, rendered + number)) piece.append(render(row));
    body.append(piece);
    rendered = Math.min(matching.length, rendered + number);
    byId("more").hidden = rendered >= matching.length;
    byId("more").textContent = `Show more (${(matching.length - rendered).toLocaleString("en")} left)`;
  };

  const haystack = (row) => {
    row.text ??= [row.title, row.scenario, row.ticket, row.area, row.customer, row.classification, row.reason, row.tags].join("\n").toLowerCase();
    return row.text;
  };
  const filter = () => {
    const wanted = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    return rows.filter((row) => (!state.verdicts.size || state.verdicts.has(row.verdict))
      && (!state.attention || row.note)
      && FACETS.every((name) => !state[name] || row[name] === state[name])
      && wanted.every((word) => haystack(row).includes(word)));
  };
  const filtered = () => state.q !== "" || state.attention || state.verdicts.size > 0 || FACETS.some((name) => state[name]);
  const update = () => {
    matching = filter();
    const sort = SORTS[state.sort];
    if (sort) {
      const way = state.down ? -1 : 1;
      matching.sort((a, b) => way * sort.compare(a, b) || a.order - b.order);
    }
    body.textContent = "";
    rendered = 0;
    renderMore(PIECE);
    byId("results").hidden = !matching.length;
    byId("none").hidden = matching.length > 0;
    byId("clear").hidden = !filtered();
    const all = rows.length.toLocaleString("en");
    byId("shown").textContent = filtered() ? `${matching.length.toLocaleString("en")} of ${all} shown` : `All ${all}, what needs attention first`;
    if (sort && !filtered()) byId("shown").textContent = `All ${all}, by ${sort.label.toLowerCase()}`;
    reflect();
    remember();
  };
  const reflect = () => {
    document.querySelectorAll("[data-verdict]").forEach((tile) => tile.setAttribute("aria-pressed", state.verdicts.has(tile.dataset.verdict)));
    document.querySelector("[data-attention]").setAttribute("aria-pressed", state.attention);
    FACETS.forEach((name) => { byId(name).value = state[name]; });
    if (byId("search").value !== state.q) byId("search").value = state.q;
    byId("sort").value = state.sort;
    document.querySelectorAll("#results th").forEach((head) => {
      head.setAttribute("aria-sort", head.dataset.sort !== state.sort ? "none" : state.down ? "descending" : "ascending");
    });
  };
  // The filters stand in the address, so that a view can be sent to somebody.
  const remember = () => {
    const parts = new URLSearchParams();
    if (state.verdicts.size) parts.set("verdict", [...state.verdicts].join("."));
    if (state.attention) parts.set("attention", "1");
    for (const name of ["q", ...FACETS, "sort"]) if (state[name]) parts.set(name, state[name]);
    if (state.sort && state.down) parts.set("down", "1");
    const hash = parts.toString();
    if (hash !== location.hash.slice(1) && location.hash !== "#content") history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };
  const recall = () => {
    const parts = new URLSearchParams(location.hash.slice(1));
    state.verdicts = new Set((parts.get("verdict") || "").split(".").filter((name) => name in WORDS));
    state.attention = parts.has("attention");
    for (const name of ["q", ...FACETS]) state[name] = parts.get(name) || "";
    state.sort = Object.hasOwn(SORTS, parts.get("sort") || "") ? parts.get("sort") : "";
    state.down = parts.has("down");
  };
  const clear = () => {
    Object.assign(state, { verdicts: new Set(), attention: false, q: "", area: "", customer: "", classification: "" });
    update();
    byId("search").focus();
  };
  const sortBy = (name) => {
    if (state.sort !== name) Object.assign(state, { sort: name, down: false });
    else if (!state.down) state.down = true;
    else Object.assign(state, { sort: "", down: false });
    update();
  };

  const buildHead = () => {
    const head = byId("results").tHead.rows[0];
    const choose = byId("sort");
    choose.append(new Option("By urgency", ""));
    for (const [name, { label }] of Object.entries(SORTS)) {
      const cell = element("th");
      cell.scope = "col";
      cell.dataset.sort = name;
      const button = element("button", "", label);
      button.type = "button";
      button.addEventListener("click", () => sortBy(name));
      cell.append(button);
      head.append(cell);
      choose.append(new Option(`By ${label.toLowerCase()}`, name));
    }
    choose.addEventListener("change", () => { Object.assign(state, { sort: choose.value, down: false }); update(); });
  };
  const buildFacets = () => FACETS.forEach((name) => {
    const found = new Map();
    rows.forEach((row) => { if (row[name]) found.set(row[name], (found.get(row[name]) || 0) + 1); });
    const select = byId(name);
    [...found.keys()].sort(collator.compare).forEach((value) => select.append(new Option(`${value} (${found.get(value)})`, value)));
    select.parentElement.hidden = !found.size;
    select.addEventListener("change", () => { state[name] = select.value; update(); });
  });
  const listen = () => {
    document.querySelectorAll("[data-verdict]").forEach((tile) => tile.addEventListener("click", () => {
      const { verdict } = tile.dataset;
      if (!state.verdicts.delete(verdict)) state.verdicts.add(verdict);
      update();
    }));
    document.querySelector("[data-attention]").addEventListener("click", () => { state.attention = !state.attention; update(); });
    let waiting = 0;
    byId("search").addEventListener("input", (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { state.q = event.target.value.trim(); update(); }, rows.length > 2000 ? 120 : 0);
    });
    byId("clear").addEventListener("click", clear);
    byId("clear-too").addEventListener("click", clear);
    byId("more").addEventListener("click", () => {
      const next = rendered;
      renderMore(PIECE * 2);
      body.rows[next]?.querySelector("a").focus();
    });
    addEventListener("hashchange", () => { if (location.hash !== "#content") { recall(); update(); } });
    addEventListener("beforeprint", () => { if (rendered < PRINTED) renderMore(PRINTED - rendered); });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.target.closest("input, select, textarea")) { event.preventDefault(); byId("search").focus(); }
    });
  };

  buildHead();
  buildFacets();
  listen();
  recall();
  byId("filters").hidden = false;
  update();
})();
