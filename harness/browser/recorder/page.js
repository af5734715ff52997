// Runs in an isolated world of every frame: the page sees neither its functions nor its binding. It vouches for what a person did
// (trusted events only), knows which fields hold secrets, and lets one mark elements in an overlay behind a closed shadow root.
(config) => {
  if (globalThis.reproRecorder) return;
  const send = (message) => globalThis[config.binding](JSON.stringify(message));
  const LONGEST = 10000;
  const SECRET_NAME = /passw|passphrase|passwort|kennwort|secret|token|api.?key|cvv|cvc|\bpin\b/i;
  const NO_TEXT = new Set(["checkbox", "radio", "button", "submit", "reset", "image", "file", "range", "color"]);
  const ROLES = "[role=alert],[role=status],[role=heading],h1,h2,h3,h4,h5,h6,output";
  const secrets = new WeakMap();
  let mode = "";
  let swallow = false;
  let ui = null;

  const folded = (text) => (text || "").replace(/\s+/g, " ").trim();
  const target = (event) => event.composedPath()[0];
  const own = (event) => ui !== null && event.target === ui.host;

  const framePath = () => {
    const path = [];
    for (let at = window; at !== at.parent; at = at.parent) {
      let index = 0;
      while (index < at.parent.length && at.parent[index] !== at) index += 1;
      path.unshift(index);
    }
    return path;
  };

  const step = (element) => {
    const root = element.parentNode;
    const name = CSS.escape(element.localName);
    if (!root || !root.children) return name;
    const same = [...root.children].filter((each) => each.localName === element.localName);
    return same.length === 1 ? name : `${name}:nth-of-type(${same.indexOf(element) + 1})`;
  };

  const cssPath = (element) => {
    const parts = [];
    for (let at = element; at && at.nodeType === Node.ELEMENT_NODE; at = at.parentElement) parts.unshift(step(at));
    const root = element.getRootNode();
    const inner = `css=${parts.join(" > ")}`;
    return root instanceof ShadowRoot ? `${cssPath(root.host)} >> ${inner}` : inner;
  };

  // What a field holds: "password", "code", or "". Once a password, always one: a page may show it in clear.
  const secrecy = (element) => {
    if (!(element instanceof Element)) return "";
    const known = secrets.get(element);
    const type = (element.getAttribute("type") || "text").toLowerCase();
    const autocomplete = (element.getAttribute("autocomplete") || "").toLowerCase();
    const names = ["name", "id", "aria-label", "placeholder"].map((name) => element.getAttribute(name) || "").join(" ");
    const labels = element.labels ? [...element.labels].map((label) => label.textContent).join(" ") : "";
    const style = getComputedStyle(element).webkitTextSecurity;
    let kind = known || "";
    if (type === "password" || /current-password|new-password/.test(autocomplete) || (style && style !== "none")) kind = "password";
    else if (autocomplete.includes("one-time-code")) kind = "code";
    else if (!kind && !NO_TEXT.has(type) && (/cc-(number|csc)/.test(autocomplete) || SECRET_NAME.test(`${names} ${labels}`))) kind = "password";
    if (kind) secrets.set(element, kind);
    return kind;
  };

  const typed = (element) => {
    if (element.nodeName === "SELECT") return { t: "select" };
    const kind = secrecy(element);
    const text = element.isContentEditable ? element.innerText : element.value;
    if (element.type === "file") return { t: "file", files: [...(element.files || [])].map((file) => file.name.slice(0, 200)) };
    return { t: "input", secret: kind, text: kind ? null : String(text).slice(0, LONGEST), length: String(text).length };
  };

  const consume = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  const labelled = (element) => {
    const label = element instanceof Element ? element.closest("label") : null;
    return Boolean(label && label.control && label.control !== element);
  };

  const picked = (element) => (element.closest && element.closest(ROLES)) || element;

  const roleOf = (element) => {
    const named = element.getAttribute("role");
    return named || (element.localName === "output" ? "status" : "");
  };

  // The nearest named part of the page that it stands in, which tells it from others of its role.
  const partOf = (element) => {
    const part = element.parentElement && element.parentElement.closest("section[aria-label],[role=region][aria-label],[role=dialog][aria-label]");
    return part ? { role: part.getAttribute("role") || "region", name: folded(part.getAttribute("aria-label")).slice(0, 100) } : null;
  };

  const pick = (event) => {
    const element = picked(target(event));
    const kind = mode;
    setMode("");
    const value = "value" in element && !secrecy(element) ? String(element.value).slice(0, 300) : null;
    const field = ["INPUT", "TEXTAREA"].includes(element.nodeName);
    const text = secrecy(element) ? "" : folded(element.innerText ?? element.textContent).slice(0, 300);
    const where = { frame: framePath(), path: cssPath(element), role: roleOf(element), part: partOf(element) };
    send({ t: "pick", kind, ...where, text, value: field ? value : null });
  };

  const pointer = (event) => {
    if (!event.isTrusted) return;
    if (own(event)) {
      if (event.type === "mousedown" && !ui.field(event)) event.preventDefault();
      if (event.type === "click") ui.press(event);
      event.stopImmediatePropagation();
    } else if (mode && event.type === "pointerdown") {
      swallow = true;
      consume(event);
      pick(event);
    } else if (swallow) {
      consume(event);
      if (event.type === "click" || event.type === "auxclick") swallow = false;
    } else if (event.type === "pointerdown") {
      secrecy(target(event));
    } else if (event.type === "click" && event.target instanceof Node) {
      const label = labelled(target(event));
      send({ t: "click", button: event.button, detail: event.detail, label, at: performance.now() });
    } else if (event.type === "contextmenu") {
      send({ t: "click", button: 2, detail: 1, label: false, at: performance.now() });
    }
  };

  const key = (event) => {
    if (!event.isTrusted) return;
    if (own(event)) {
      event.stopImmediatePropagation();
      if (event.type === "keydown") ui.key(event);
      return;
    }
    if (event.type !== "keydown") return;
    const chosen = event.altKey && event.shiftKey && { KeyS: "symptom", KeyE: "expected" }[event.code];
    if (chosen) {
      consume(event);
      setMode(chosen);
    } else if (mode && event.key === "Escape") {
      consume(event);
      setMode("");
    } else {
      send({ t: "key", key: String(event.key).slice(0, 30) });
    }
  };

  const input = (event) => {
    if (own(event)) {
      event.stopImmediatePropagation();
    } else if (event.isTrusted && target(event) instanceof Element) {
      send(typed(target(event)));
    }
  };

  const hover = (event) => {
    if (!event.isTrusted) return;
    if (own(event)) event.stopImmediatePropagation();
    else if (mode) {
      consume(event);
      ensure().outline(picked(target(event)));
    }
  };

  const applied = (chosen) => {
    mode = chosen;
    if (ui || mode) ensure().show(mode);
  };

  const setMode = (chosen) => {
    applied(chosen);
    send({ t: "mode", mode });
  };

  const STYLE = `
    :host { all: initial }
    .box { position: fixed; pointer-events: none; border: 2px solid #d6336c; background: rgba(214, 51, 108, .12); z-index: 2147483646 }
    .bar { position: fixed; left: 50%; bottom: 12px; transform: translateX(-50%); z-index: 2147483647; display: flex; gap: 6px;
      align-items: center; padding: 6px 8px; border-radius: 8px; background: #1b1f24; color: #fff; font: 13px/1.3 system-ui, sans-serif;
      box-shadow: 0 2px 10px rgba(0, 0, 0, .4); max-width: 92vw; flex-wrap: wrap; user-select: none }
    .bar.top { bottom: auto; top: 12px }
    .bar button { font: inherit; border: 0; border-radius: 5px; padding: 4px 9px; background: #39424e; color: #fff; cursor: pointer }
    .bar button.on { background: #d6336c }
    .bar input { font: inherit; border: 0; border-radius: 5px; padding: 4px 7px; width: 200px; background: #fff; color: #111 }
    .bar .says { max-width: 420px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
    [hidden] { display: none !important }`;

  const make = (name, properties, parent) => {
    const element = document.createElement(name);
    Object.assign(element, properties);
    parent.append(element);
    return element;
  };

  const build = () => {
    const host = document.createElement("x-pw-glass");
    host.setAttribute("aria-hidden", "true");
    host.style.cssText = "all: initial; position: fixed; inset: auto; width: 0; height: 0; z-index: 2147483647";
    const root = host.attachShadow({ mode: "closed" });
    make("style", { textContent: STYLE }, root);
    const box = make("div", { className: "box", hidden: true }, root);
    const made = { host, outline: outline(box), show: () => {}, press: () => {}, key: () => {}, field: () => false, ask: () => {}, say: () => {} };
    return window === window.top ? Object.assign(made, toolbar(root, box)) : Object.assign(made, { show: (on) => { box.hidden = !on; } });
  };

  const outline = (box) => (element) => {
    const at = element.getBoundingClientRect();
    box.hidden = false;
    box.style.cssText = `left: ${at.left - 2}px; top: ${at.top - 2}px; width: ${at.width}px; height: ${at.height}px`;
  };

  const toolbar = (root, box) => {
    const bar = make("div", { className: "bar" }, root);
    const main = make("span", {}, bar);
    const symptom = make("button", { textContent: "Symptom", title: "Mark what should not be so (Alt+Shift+S)" }, main);
    const expected = make("button", { textContent: "Expected", title: "Mark what should be here (Alt+Shift+E)" }, main);
    const move = make("button", { textContent: "\u21C5", title: "Move this bar" }, main);
    const says = make("span", { className: "says", textContent: "recording" }, bar);
    const panel = make("span", { hidden: true }, bar);
    const there = make("button", {}, panel);
    const words = make("button", {}, panel);
    const should = make("input", { type: "text" }, panel);
    const away = make("button", { textContent: "Cancel" }, panel);
    let asked = null;
    const settle = (what) => {
      const question = asked;
      close();
      if (what) send({ t: "mark", id: question.id, kind: question.kind, what, should: should.value.slice(0, 300) });
      should.value = "";
    };
    const close = () => { asked = null; panel.hidden = true; main.hidden = false; };
    const open = (question, first, second, placeholder) => {
      asked = question;
      there.textContent = first;
      there.hidden = !first;
      words.textContent = second;
      words.hidden = !second;
      should.placeholder = placeholder;
      should.hidden = !placeholder;
      panel.hidden = false;
      main.hidden = true;
    };
    const actions = new Map([
      [symptom, () => setMode(mode === "symptom" ? "" : "symptom")],
      [expected, () => setMode(mode === "expected" ? "" : "expected")],
      [move, () => bar.classList.toggle("top")],
      [there, () => settle("visible")],
      [words, () => settle("text")],
      [away, () => { setMode(""); settle(""); }],
    ]);
    const ask = (question) => {
      const wrong = question.kind === "symptom";
      says.textContent = question.shown;
      open(question, wrong ? "It should not be here" : "It should be here",
        question.text ? (wrong ? "Its text is wrong" : "It should have this text") : "", wrong && question.text ? "right would be\u2026" : "");
    };
    const show = (on) => {
      symptom.className = on === "symptom" ? "on" : "";
      expected.className = on === "expected" ? "on" : "";
      box.hidden = true;
      if (on) says.textContent = "click an element (Esc to stop)";
      else if (says.textContent.startsWith("click an element")) says.textContent = "recording";
      if (on === "expected") open({ id: 0, kind: "expected" }, "", "It should say this", "or type its text");
      else if (!asked || asked.id === 0) close();
    };
    const at = (event) => root.elementFromPoint(event.clientX, event.clientY);
    return {
      ask, show,
      say: (text) => { says.textContent = text; },
      press: (event) => { const action = actions.get(at(event)); if (action) action(); },
      field: (event) => at(event) === should,
      key: (event) => { if (event.key === "Escape") { setMode(""); settle(""); } },
    };
  };

  const ensure = () => {
    ui = ui || build();
    if (!ui.host.isConnected && document.documentElement) document.documentElement.append(ui.host);
    return ui;
  };

  for (const name of ["pointerdown", "pointerup", "mousedown", "mouseup", "click", "auxclick", "dblclick", "contextmenu", "touchstart", "touchend"])
    window.addEventListener(name, pointer, { capture: true, passive: false });
  for (const name of ["keydown", "keypress", "keyup"]) window.addEventListener(name, key, true);
  for (const name of ["beforeinput", "input", "change"])
    window.addEventListener(name, name === "input" ? input : (event) => { if (own(event)) event.stopImmediatePropagation(); }, true);
  for (const name of ["pointermove", "mousemove", "mouseover"]) window.addEventListener(name, hover, { capture: true, passive: false });
  window.addEventListener("focus", (event) => { if (!own(event)) secrecy(target(event)); }, true);

  globalThis.reproRecorder = {
    setMode: applied,
    ask: (question) => ensure().ask(question),
    say: (text) => ensure().say(text),
  };
  if (window === window.top) {
    const keep = () => ensure();
    if (document.documentElement) keep();
    document.addEventListener("DOMContentLoaded", keep);
    setInterval(keep, 500);
  }
}
