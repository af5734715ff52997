// Finds what no picture may show, and where it stands. It only reads, from a world of its own that the page's scripts can't see.
// `wanted`: values (texts, whitespace as single spaces), split (those that may go over several texts), fields (what is meant only where it
// is all of a field), css (selectors), patterns.
(() => {
  const closed = new WeakMap(); // host -> its closed shadow root, which only the browser's protocol can tell
  const asked = new WeakMap(); // element -> its size when it was last asked for a closed root
  const UNSEEN = /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|HEAD)$/i;
  const HOSTS = /^(ARTICLE|ASIDE|BLOCKQUOTE|DIV|FOOTER|H[1-6]|HEADER|MAIN|NAV|P|SECTION|SPAN)$/;
  const rootOf = (element) => element.shadowRoot || closed.get(element);
  const plain = (text) => text.replace(/[\s\u00a0]+/g, ' ');

  // Texts and elements in the order in which they are shown, shadow trees in the place of what their hosts hold.
  const walk = (node, see) => {
    if (node.nodeType === Node.TEXT_NODE) { see.texts.push(node); return; }
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (UNSEEN.test(node.tagName)) return;
      see.elements.push(node);
      const root = rootOf(node);
      if (root) { see.roots.push(root); walk(root, see); return; }
      const assigned = node.tagName === 'SLOT' ? node.assignedNodes() : [];
      if (assigned.length) { for (const each of assigned) walk(each, see); return; }
    }
    for (let child = node.firstChild; child; child = child.nextSibling) walk(child, see);
  };

  // An element that looks empty but takes room, or is of the page's own making, may hold a closed shadow root.
  const mayHide = (element) => {
    if (rootOf(element)) return false;
    const own = element.tagName.includes('-');
    if (!own && !(HOSTS.test(element.tagName) && !element.firstElementChild && !element.textContent.trim())) return false;
    const size = `${element.offsetWidth}x${element.offsetHeight}`;
    if (asked.get(element) === size || (!own && /^0x|x0$/.test(size))) return false;
    asked.set(element, size);
    return true;
  };

  const holdsIn = (wanted) => {
    const expressions = wanted.patterns.map(([source, flags]) => new RegExp(source, flags));
    return (text) => {
      const shown = plain(text || '');
      return shown !== '' && (wanted.values.some((value) => shown.includes(value)) || expressions.some((each) => shown.search(each) >= 0));
    };
  };
  const isMeant = (element, holds, fields) => {
    switch (element.tagName) {
      case 'INPUT': return fields.includes(element.value) || (element.type === 'password' && (element.value || element.placeholder)) || holds(element.value) || holds(element.placeholder);
      case 'TEXTAREA': return holds(element.value) || holds(element.placeholder);
      case 'SELECT': return [...element.options].some((each) => holds(each.text));
      case 'IMG': return holds(element.alt);
      default: return false;
    }
  };

  // What is to be covered: elements, and texts that share their element with others.
  const find = (top, wanted) => {
    const see = { texts: [], elements: [], roots: [top] };
    walk(top, see);
    const found = new Set();
    for (const root of see.roots) for (const selector of wanted.css) for (const element of root.querySelectorAll(selector)) found.add(element);
    const holds = holdsIn(wanted);
    for (const element of see.elements) if (isMeant(element, holds, wanted.fields)) found.add(element);
    const places = [];
    let whole = '';
    if (wanted.values.length || wanted.patterns.length) for (const text of see.texts) { places.push([whole.length, text]); whole += plain(text.data); }
    const touched = (from, to) => places.filter(([start, text]) => start < to && start + plain(text.data).length > from).map(([, text]) => text);
    const add = (text) => { const element = text.parentElement; found.add(element && !element.firstElementChild ? element : text); };
    for (const value of wanted.values) {
      for (let at = whole.indexOf(value); at >= 0; at = whole.indexOf(value, at + 1)) {
        const holding = touched(at, at + value.length);
        if (holding.length === 1 || wanted.split.includes(value)) holding.forEach(add);
      }
    }
    for (const [source, flags] of wanted.patterns) {
      for (const match of whole.matchAll(new RegExp(source, flags))) touched(match.index, match.index + match[0].length).forEach(add);
    }
    return { found: [...found], fresh: see.elements.filter(mayHide).length };
  };

  const union = (one, other) => {
    if (!other || !(other.width || other.height)) return one;
    if (!one || !(one.width || one.height)) return other;
    const x = Math.min(one.x, other.x), y = Math.min(one.y, other.y);
    return { x, y, width: Math.max(one.x + one.width, other.x + other.width) - x, height: Math.max(one.y + one.height, other.y + other.height) - y };
  };
  const common = (one, other) => {
    const x = Math.max(one.x, other.x), y = Math.max(one.y, other.y);
    return { x, y, width: Math.min(one.x + one.width, other.x + other.width) - x, height: Math.min(one.y + one.height, other.y + other.height) - y };
  };
  // An element with what hangs out of it.
  const extent = (thing) => {
    const range = thing.ownerDocument.createRange();
    range.selectNodeContents(thing);
    if (thing.nodeType === Node.TEXT_NODE) return range.getBoundingClientRect();
    const own = thing.getBoundingClientRect();
    return getComputedStyle(thing).overflow === 'visible' ? union(own, range.getBoundingClientRect()) : own;
  };
  // In the top frame's pixels, cut to the frames around it. `inner`: a frame of another site is around it. Null: nothing of it can be seen.
  const placed = (thing) => {
    let { x, y, width, height } = extent(thing);
    let box = { x, y, width, height };
    for (let view = thing.ownerDocument.defaultView; view && view !== view.top; view = view.parent) {
      let frame = null;
      try { frame = view.frameElement; } catch { }
      if (!frame) return { ...box, inner: true };
      const outer = frame.getBoundingClientRect();
      const across = outer.width / (frame.offsetWidth || 1), down = outer.height / (frame.offsetHeight || 1);
      const style = getComputedStyle(frame);
      const left = frame.clientLeft + parseFloat(style.paddingLeft), above = frame.clientTop + parseFloat(style.paddingTop);
      const inside = { x: outer.x + (left + box.x) * across, y: outer.y + (above + box.y) * down, width: box.width * across, height: box.height * down };
      box = Math.abs(across - down) > 0.02 * across ? outer : common(inside, outer);
      if (box.width <= 0 || box.height <= 0) return null;
    }
    return { x: box.x, y: box.y, width: box.width, height: box.height, inner: false };
  };

  const measure = (things) => things.map(placed).filter((box) => box !== null);
  const view = () => {
    const seen = window.visualViewport, root = document.documentElement, body = document.body || root;
    return {
      visible: [seen.offsetLeft, seen.offsetTop, seen.width, seen.height],
      whole: [-scrollX, -scrollY, Math.max(root.scrollWidth, body.scrollWidth, root.clientWidth), Math.max(root.scrollHeight, body.scrollHeight)],
    };
  };
  // Stands for what the page shows, as long as that can be told from here; empty where it can't.
  let stirs = 0;
  let mutations = null;
  const listen = () => {
    const stir = () => { stirs += 1; };
    mutations = new MutationObserver(stir);
    mutations.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    new PerformanceObserver(stir).observe({ type: 'resource' });
    for (const type of ['scroll', 'input', 'change', 'focusin', 'focusout', 'load', 'error', 'toggle', 'resize', 'fullscreenchange',
      'animationstart', 'transitionrun', 'pointerover', 'pointerdown', 'pointerup', 'selectionchange']) {
      addEventListener(type, stir, { capture: true, passive: true });
    }
  };
  const still = () => {
    if (!mutations) listen();
    if (mutations.takeRecords().length) stirs += 1;
    const moves = document.getAnimations().length || document.fonts.status === 'loading'
      || document.querySelector('canvas, video, iframe, frame, embed, object, marquee')
      || [...document.images].some((image) => !image.complete)
      || [...document.querySelectorAll('*')].some((element) => rootOf(element) || element.localName.includes('-'));
    if (moves) return '';
    const fields = [...document.querySelectorAll('input, textarea, option')];
    const told = JSON.stringify([scrollX, scrollY, innerWidth, innerHeight, document.styleSheets.length, document.adoptedStyleSheets.length,
      ...fields.map((field) => [field.value, field.checked, field.selected, field.indeterminate])]);
    let sum = 0;
    for (let at = 0; at < told.length; at += 1) sum = (sum * 31 + told.charCodeAt(at)) | 0;
    return `${stirs} ${told.length} ${sum}`;
  };

  const described = (thing, wanted) => ({
    text: thing.nodeType === Node.ELEMENT_NODE && wanted.css.some((selector) => thing.matches(selector)) ? thing.innerText || '' : '',
    typed: thing.type === 'password' ? thing.value || '' : '',
  });
  const whole = (wanted) => {
    const { found, fresh } = find(document, wanted);
    const told = found.map((thing) => described(thing, wanted));
    return {
      boxes: measure(found),
      told: told.filter((each) => each.text || each.typed),
      fresh,
      still: wanted.main && !fresh ? still() : '',
      view: window === window.top ? view() : null,
    };
  };
  const elements = (top, wanted) => [...new Set(find(top, wanted).found.map((thing) => (thing.nodeType === Node.TEXT_NODE ? thing.parentElement || thing.getRootNode().host : thing)))];
  return { whole, elements, measure, view, tell: (root) => { closed.set(root.host, root); } };
})()
