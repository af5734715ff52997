// The bar and the frame around an element, behind a closed shadow root. It knows nothing of the page: `calls.mode(kind)` begins or ends
// marking, `calls.mark(answer)` is an answered question. In a frame that is not the outermost there is no bar.
(calls) => {
  const STYLE = `
    :host { all: initial }
    * { box-sizing: border-box }
    .box { position: fixed; pointer-events: none; border: 2px solid var(--tint); border-radius: 4px; z-index: 2147483646;
      background: color-mix(in srgb, var(--tint) 14%, transparent) }
    .symptom { --tint: #f2385a }
    .expected { --tint: #1f9d61 }
    .bar { position: fixed; left: 50%; bottom: 16px; transform: translateX(-50%); z-index: 2147483647; display: flex; gap: 10px;
      align-items: center; padding: 7px 8px 7px 14px; border-radius: 14px; background: #16191f; color: #f3f4f6;
      border: 1px solid #343a46; box-shadow: 0 8px 28px rgba(0, 0, 0, .32), 0 1px 3px rgba(0, 0, 0, .3); max-width: 94vw;
      font: 500 13px/18px system-ui, "Segoe UI", Roboto, sans-serif; user-select: none; white-space: nowrap }
    .bar.top { bottom: auto; top: 16px }
    .part { display: flex; gap: 6px; align-items: center }
    .live { width: 9px; height: 9px; border-radius: 50%; background: #f2385a; animation: pulse 1.8s ease-in-out infinite }
    @keyframes pulse { 50% { opacity: .35 } }
    @media (prefers-reduced-motion: reduce) { .live { animation: none } }
    .says { max-width: min(340px, 40vw); overflow: hidden; text-overflow: ellipsis; color: #aab2c0; font-weight: 400 }
    .says.ask { color: #fff }
    button { display: inline-flex; align-items: center; gap: 7px; font: inherit; color: inherit; border: 1px solid #3d4553; border-radius: 8px;
      padding: 5px 11px; background: #262b35; cursor: pointer; white-space: nowrap }
    button:hover { background: #323947; border-color: #566073 }
    button.mark::before { content: ""; width: 10px; height: 10px; border-radius: 3px; border: 2px solid var(--tint) }
    button.mark.done::before { background: var(--tint) }
    button.mark.on, button.main { background: var(--tint); border-color: var(--tint); color: #fff }
    button.mark.on::before { border-color: #fff }
    button.bare { background: none; border-color: transparent; color: #aab2c0; padding: 5px 8px }
    button.bare:hover { background: #262b35; color: #fff }
    input { font: inherit; font-weight: 400; width: 210px; padding: 5px 10px; border-radius: 8px; border: 1px solid #3d4553; background: #fff; color: #16191f;
      outline: none; user-select: text }
    input:focus { border-color: #7aa2ff; box-shadow: 0 0 0 2px rgba(122, 162, 255, .35) }
    [hidden] { display: none !important }`;
  const POINT_AT = "Click the element \u00b7 Esc to stop";

  const make = (name, properties, parent) => {
    const element = document.createElement(name);
    Object.assign(element, properties);
    parent.append(element);
    return element;
  };

  const host = document.createElement("x-pw-glass");
  host.setAttribute("aria-hidden", "true");
  host.style.cssText = "all: initial; position: fixed; inset: auto; width: 0; height: 0; z-index: 2147483647";
  const root = host.attachShadow({ mode: "closed" });
  make("style", { textContent: STYLE }, root);
  const box = make("div", { className: "box", hidden: true }, root);
  const outline = (kind, at) => {
    box.hidden = false;
    box.className = `box ${kind}`;
    box.style.cssText = `left: ${at.left - 3}px; top: ${at.top - 3}px; width: ${at.width + 6}px; height: ${at.height + 6}px`;
  };
  const nothing = () => {};
  if (window !== window.top)
    return { host, outline, show: () => { box.hidden = true; }, press: nothing, key: nothing, field: () => false, ask: nothing, state: nothing, say: nothing };

  const bar = make("div", { className: "bar" }, root);
  make("span", { className: "live", title: "Recording" }, bar);
  const says = make("span", { className: "says" }, bar);
  const main = make("span", { className: "part" }, bar);
  const symptom = make("button", { className: "mark symptom", textContent: "Symptom", title: "Mark what should not be so (Alt+Shift+S)" }, main);
  const expected = make("button", { className: "mark expected", textContent: "Expected", title: "Mark what should be here (Alt+Shift+E)" }, main);
  const move = make("button", { className: "bare", textContent: "\u21C5", title: "Move this bar to the other edge" }, main);
  const panel = make("span", { className: "part", hidden: true }, bar);
  const there = make("button", { className: "main" }, panel);
  const words = make("button", {}, panel);
  const should = make("input", { type: "text" }, panel);
  const away = make("button", { className: "bare", textContent: "Cancel" }, panel);
  let asked = null;
  let idle = "Recording";

  const quiet = () => { says.textContent = idle; says.className = "says"; };
  const close = () => { asked = null; panel.hidden = true; main.hidden = false; };
  const settle = (what) => {
    const question = asked;
    close();
    quiet();
    if (what && question) calls.mark({ id: question.id, kind: question.kind, what, should: should.value.slice(0, 300) });
    should.value = "";
  };
  const open = (question, first, second, placeholder) => {
    asked = question;
    panel.className = `part ${question.kind}`;
    there.textContent = first;
    there.hidden = !first;
    words.textContent = second;
    words.className = first ? "" : "main";
    words.hidden = !second;
    should.placeholder = placeholder;
    should.hidden = !placeholder;
    panel.hidden = false;
    main.hidden = true;
  };
  const ask = (question) => {
    const wrong = question.kind === "symptom";
    says.textContent = question.shown ? `\u201c${question.shown}\u201d` : "This element";
    says.className = "says ask";
    open(question, wrong ? "It should not be here" : "It should be here",
      question.text ? (wrong ? "Its text is wrong" : "It should have this text") : "", wrong && question.text ? "right would be\u2026" : "");
  };
  const show = (on) => {
    box.hidden = true;
    for (const [button, kind] of [[symptom, "symptom"], [expected, "expected"]]) button.classList.toggle("on", on === kind);
    if (on) {
      says.textContent = POINT_AT;
      says.className = "says ask";
    }
    if (on === "expected") open({ id: 0, kind: "expected" }, "", "It should say this", "or type its text");
    else if (!asked || asked.id === 0) close();
    if (!on && !asked) quiet();
  };
  const actions = new Map([
    [symptom, () => calls.mode("symptom")],
    [expected, () => calls.mode("expected")],
    [move, () => bar.classList.toggle("top")],
    [there, () => settle("visible")],
    [words, () => settle("text")],
    [away, () => { calls.mode(""); settle(""); }],
  ]);
  const at = (event) => root.elementFromPoint(event.clientX, event.clientY);
  quiet();
  return {
    host, outline, ask, show,
    say: (text) => { says.textContent = text; },
    state: (now) => {
      symptom.classList.toggle("done", now.symptom);
      expected.classList.toggle("done", now.expected);
      idle = now.last || "Recording";
      if (!asked && says.className === "says") quiet();
    },
    press: (event) => { const action = actions.get(at(event)); if (action) action(); },
    field: (event) => at(event) === should,
    key: (event) => {
      if (event.key === "Escape") { calls.mode(""); settle(""); }
      if (event.key === "Enter" && asked && should.value) settle("text");
    },
  };
}
