// What is one thing lights up together: a number, an arrow, a formula, a line of code, a word of the lesson. Quantities have
// names such as w1[1,1] and dL/dw1[1,1]; what holds some tells them apart by blanks. Things of the page have theirs in
// <data value="...">, data-quantity="..." or are `code` that is nothing but a name. All panels of a page share this.
const SHARED = Symbol.for("bpviz.lights"), WORDS = "data[value], [data-quantity], code", REST = 400;

const namesIn = (text) => (text || "").split(/\s+/).filter(Boolean);

// The names of a thing of the page.
function namesOfWord(word) {
  const quantity = word.getAttribute("data-quantity") || (word.tagName === "DATA" && word.getAttribute("value"));
  if (quantity) return namesIn(quantity);
  return word.tagName === "CODE" && !/\s/.test(word.textContent) ? [word.textContent] : [];
}

// The words of the page that name what some panel shows: marked, lit, and reached with Tab.
function wordsOf(known) {
  const marked = new Map();                           // element -> {its names, whether it was put in the way of Tab}

  function scan() {
    const names = known();
    const there = new Map([...document.querySelectorAll(WORDS)].map((word) => [word, namesOfWord(word).filter((name) => names.has(name))])
      .filter(([, found]) => found.length));
    for (const word of marked.keys()) if (!there.has(word)) unmark(word);
    for (const [word, found] of there) {
      const tabbed = marked.has(word) ? marked.get(word).tabbed : word.tabIndex < 0 && !word.closest(".bpviz-window");
      marked.set(word, {names: found, tabbed});
      word.classList.add("bpviz-word");
      word.addEventListener("keydown", ownKeys);      // arrow keys on it are no shortcuts of the notebook
      if (tabbed) word.tabIndex = 0;
    }
  }
  function unmark(word) {
    word.classList.remove("bpviz-word", "bpviz-lit");
    word.removeEventListener("keydown", ownKeys);
    if (marked.get(word).tabbed) word.removeAttribute("tabindex");
    marked.delete(word);
  }
  const show = (lit) => marked.forEach(({names}, word) => word.classList.toggle("bpviz-lit", names.some((name) => lit.has(name))));
  return {scan, show, of: (target) => (marked.get(target) || {}).names, clear: () => [...marked.keys()].forEach(unmark)};
}

// The lights of this page. Panels come with join({names, show}); names: () -> Set of what they hold; show(Set of what is lit).
function makeLights() {
  const panels = new Set(), known = () => new Set([...panels].flatMap(({names}) => [...names()]));
  const words = wordsOf(known);
  let lit = new Set(), timer;
  const watch = new MutationObserver(soon);

  function light(names) {
    lit = new Set(names);
    panels.forEach((panel) => panel.show(lit));
    words.show(lit);
  }
  function look() {
    words.scan();
    words.show(lit);
    watch.takeRecords();
  }
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(look, REST);
  }
  const wordAt = ({target}) => target.closest && words.of(target.closest(".bpviz-word"));
  const on = (event) => { const names = wordAt(event); if (names) light(names); };
  const off = (event) => { if (wordAt(event)) light([]); };
  const hears = [["pointerover", on], ["focusin", on], ["pointerout", off], ["focusout", off]];

  function join(panel) {
    if (!panels.size) {
      hears.forEach(([name, action]) => document.addEventListener(name, action));
      watch.observe(document.body, {childList: true, subtree: true});
    }
    panels.add(panel);
    soon();
    return () => {
      panels.delete(panel);
      if (panels.size) return soon();
      hears.forEach(([name, action]) => document.removeEventListener(name, action));
      watch.disconnect();
      clearTimeout(timer);
      words.clear();
    };
  }
  return {light, join, look, soon};
}

const lightsOfPage = () => window[SHARED] || (window[SHARED] = makeLights());
