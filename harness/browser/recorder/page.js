// Runs in an isolated world of every frame: the page sees neither its functions nor its binding. It vouches for what a person did
// (trusted events only), knows which fields hold secrets, and lets one mark elements in an overlay behind a closed shadow root.
(config, overlay) => {
  if (globalThis.reproRecorder) return;
  const send = (message) => globalThis[config.binding](JSON.stringify(message));
  const LONGEST = 10000;
  const SECRET_NAME = /passw|passphrase|passwort|kennwort|secret|token|api.?key|cvv|cvc|\bpin\b/i;
  const CODE_NAME = /\b(otp|totp|2fa|mfa)\b|one.?time.?(code|pass)|verification.?code|authenticator/i;
  const NO_TEXT = new Set(["checkbox", "radio", "button", "submit", "reset", "image", "file", "range", "color"]);
  const ROLES = "[role=alert],[role=status],[role=heading],h1,h2,h3,h4,h5,h6,output";
  const secrets = new WeakMap();
  let mode = "";
  let swallow = false;
  let ui = null;

  // A form's fields hide its own properties: <form><input name="parentNode">. So they are asked of the prototypes.
  const property = (prototype, name) => {
    const { get, value } = Object.getOwnPropertyDescriptor(prototype, name);
    return (element, ...given) => (get || value).apply(element, given);
  };
  const parentNode = property(Node.prototype, "parentNode");
  const parentElement = property(Node.prototype, "parentElement");
  const childNodes = property(Node.prototype, "childNodes");
  const nodeName = property(Node.prototype, "nodeName");
  const textContent = property(Node.prototype, "textContent");
  const rootNode = property(Node.prototype, "getRootNode");
  const innerText = property(HTMLElement.prototype, "innerText");
  const localName = property(Element.prototype, "localName");
  const attribute = property(Element.prototype, "getAttribute");
  const closest = property(Element.prototype, "closest");
  const rectOf = property(Element.prototype, "getBoundingClientRect");

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
    const root = parentNode(element);
    const name = CSS.escape(localName(element));
    const same = root ? [...childNodes(root)].filter((each) => each instanceof Element && localName(each) === localName(element)) : [];
    return same.length < 2 ? name : `${name}:nth-of-type(${same.indexOf(element) + 1})`;
  };

  const cssPath = (element) => {
    const parts = [];
    for (let at = element; at; at = parentElement(at)) parts.unshift(step(at));
    const root = rootNode(element);
    const inner = `css=${parts.join(" > ")}`;
    return root instanceof ShadowRoot ? `${cssPath(root.host)} >> ${inner}` : inner;
  };

  // What a field holds: "password", "code", or "". Once a password, always one: a page may show it in clear.
  const secrecy = (element) => {
    if (!(element instanceof Element)) return "";
    const known = secrets.get(element);
    const type = (attribute(element, "type") || "text").toLowerCase();
    const autocomplete = (attribute(element, "autocomplete") || "").toLowerCase();
    const names = ["name", "id", "aria-label", "placeholder"].map((name) => attribute(element, name) || "").join(" ");
    const labels = element.labels instanceof NodeList ? [...element.labels].map((label) => textContent(label)).join(" ") : "";
    const style = getComputedStyle(element).webkitTextSecurity;
    let kind = known || "";
    if (type === "password" || /current-password|new-password/.test(autocomplete) || (style && style !== "none")) kind = "password";
    else if (autocomplete.includes("one-time-code")) kind = "code";
    else if (!kind && !NO_TEXT.has(type) && (/cc-(number|csc)/.test(autocomplete) || SECRET_NAME.test(`${names} ${labels}`))) kind = "password";
    else if (!kind && !NO_TEXT.has(type) && CODE_NAME.test(`${names} ${labels}`)) kind = "code";
    if (kind) secrets.set(element, kind);
    return kind;
  };

  const typed = (element) => {
    if (nodeName(element) === "SELECT") return { t: "select" };
    const kind = secrecy(element);
    const text = element.isContentEditable ? innerText(element) : element.value;
    if (element.type === "file") return { t: "file", files: [...(element.files || [])].map((file) => file.name.slice(0, 200)) };
    return { t: "input", secret: kind, text: kind ? null : String(text).slice(0, LONGEST), length: String(text).length };
  };

  const consume = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  const labelled = (element) => {
    const label = element instanceof Element ? closest(element, "label") : null;
    return Boolean(label && label.control && label.control !== element);
  };

  const picked = (element) => (element instanceof Element && closest(element, ROLES)) || element;

  const roleOf = (element) => {
    const named = attribute(element, "role");
    return named || (localName(element) === "output" ? "status" : "");
  };

  // The nearest named part of the page that it stands in, which tells it from others of its role.
  const partOf = (element) => {
    const parent = parentElement(element);
    const part = parent && closest(parent, "section[aria-label],[role=region][aria-label],[role=dialog][aria-label]");
    return part ? { role: attribute(part, "role") || "region", name: folded(attribute(part, "aria-label")).slice(0, 100) } : null;
  };

  const pick = (event) => {
    const element = picked(target(event));
    const kind = mode;
    setMode("");
    if (!(element instanceof Element)) return;
    const field = ["INPUT", "TEXTAREA"].includes(nodeName(element));
    const value = field && !secrecy(element) ? String(element.value).slice(0, 300) : null;
    const text = secrecy(element) ? "" : folded((element instanceof HTMLElement ? innerText : textContent)(element)).slice(0, 300);
    const where = { frame: framePath(), path: cssPath(element), role: roleOf(element), part: partOf(element) };
    send({ t: "pick", kind, ...where, text, value });
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
    } else if (event.type === "pointerdown") {
      swallow = false; // a disabled element that was marked got no click
      secrecy(target(event));
    } else if (swallow) {
      consume(event);
      if (event.type === "click" || event.type === "auxclick") swallow = false;
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
      ensure().outline(mode, rectOf(picked(target(event))));
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

  // Playwright's recorder draws a toolbar of its own, whose buttons would end or bend the recording.
  const hideOthers = () => {
    for (const each of document.querySelectorAll(":root > x-pw-glass"))
      if (!ui || each !== ui.host) each.style.setProperty("display", "none", "important");
  };

  const ensure = () => {
    ui = ui || overlay({
      mode: (kind) => setMode(mode === kind ? "" : kind),
      mark: (answer) => send({ t: "mark", ...answer }),
    });
    if (!ui.host.isConnected && document.documentElement) document.documentElement.append(ui.host);
    hideOthers();
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
    state: (now) => ensure().state(now),
  };
  new MutationObserver(hideOthers).observe(document, { childList: true });
  const watch = () => document.documentElement && new MutationObserver(hideOthers).observe(document.documentElement, { childList: true });
  watch();
  hideOthers();
  document.addEventListener("DOMContentLoaded", () => { watch(); hideOthers(); });
  if (window === window.top) {
    const keep = () => ensure();
    if (document.documentElement) keep();
    document.addEventListener("DOMContentLoaded", keep);
    setInterval(keep, 500);
    send({ t: "hello" });
  }
}
