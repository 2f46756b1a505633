// One view of a panel on the page: the picture, words, table, state; and what stands there while the kernel is busy or gone.
const SPOKEN = 5000;                                  // milliseconds after which what was read aloud is taken away
const BUSY = "No answer yet: a cell is running, or the kernel was restarted: then run this cell again.";

function partsOf(panel, walk) {
  const canvas = element("canvas", {class: "bpviz-canvas", tabindex: "0", role: keysIn(panel) ? "application" : "img"});
  const words = element("div", {class: "bpviz-words", role: "region", "aria-label": "verdict"});
  const pinned = element("div", {class: "bpviz-pinned"});
  const spoken = element("div", {class: "bpviz-spoken", role: "status", "aria-live": "polite"});
  const error = element("div", {class: "bpviz-error", role: "alert"});
  const bar = element("progress", {max: "1", "aria-label": "progress"});
  const cancel = button("Cancel", () => panel.say({kind: "cancel"}));
  const hold = element("div", {class: "bpviz-hold", "aria-live": "polite"});
  const busy = element("div", {class: "bpviz-busy"}, bar, cancel);
  const said = element("div", {class: "bpviz-say"}, element("div", {class: "bpviz-verdict"}, error, words, pinned),
    element("div", {class: "bpviz-wait"}, hold, busy));
  const gone = element("div", {class: "bpviz-gone", role: "alert"});
  const stage = element("div", {class: "bpviz-stage"}, canvas);
  const table = element("div", {class: "bpviz-table", tabindex: "0", role: "region", "aria-label": "table"});
  const state = element("input", {type: "text", class: "bpviz-state", spellcheck: "false"});
  const tools = toolsOf(panel, walk, [["numbers", table], ["state", element("div", {}, element("label", {}, "State ", state), button("Lecture size", () => panel.say({kind: "large"})))]]);
  for (const part of [table, words]) part.addEventListener("keydown", ownKeys);   // its arrow keys move it, not the notebook
  const root = element("div", {class: "bpviz-picture"}, gone, said, stage, spoken, tools.row, ...tools.folded);
  return {canvas, words, pinned, spoken, error, bar, hold, busy, gone, stage, table, state, tools, root};
}

// How high the picture will be in this width; a first frame of about that shape fills it, others keep their own.
function roomOf(panel, root) {
  const told = (sizes, w) => {
    const {least, grain, [sizes]: of} = panel.model.get("room");
    return of[clamp(Math.floor((w - least) / grain), 0, of.length - 1)];
  };
  const high = (w) => told("heights", w);
  const fitted = () => {
    const page = Math.round(root.clientWidth), {css: [width, height], first} = panel.last;
    const w = Math.min(page, told("widths", page) + 9), stretch = (high(page) / w) / (height / width);
    return first && page > 50 && stretch > 0.8 && stretch < 1.25 ? [w, high(page)] : [width, height];
  };
  return {high, fitted};
}

function drawSheet(sheet, canvas, [w, h]) {
  if (canvas.width !== sheet.width || canvas.height !== sheet.height) {
    [canvas.width, canvas.height] = [sheet.width, sheet.height];
  }
  canvas.style.width = w + "px";
  canvas.style.aspectRatio = `${w} / ${h}`;
  canvas.getContext("2d").drawImage(sheet, 0, 0);
}

// Shows a verdict: it is read aloud once it stands still, not at every frame.
function speaker(panel, {canvas, words, pinned, spoken}) {
  const look = longerMark(words);
  let quiet;

  function aloud(said) {
    spoken.textContent = `${said} ${pinned.textContent}`.trim();
    quiet = setTimeout(() => { spoken.textContent = ""; }, SPOKEN);      // who reads on finds it once, in its place
    canvas.setAttribute("aria-label", `${panel.model.get("label")} ${said}`);
    nameHandles(panel);
  }

  return (said) => {
    sayIn(words, said);
    requestAnimationFrame(look);
    clearTimeout(quiet);
    quiet = setTimeout(() => aloud(said), SETTLE);
  };
}

// Brings the parts to what was told last.
function shower(panel, parts, walk, fitted) {
  const {canvas, words, pinned, error, bar, hold, busy, table, state, tools, root} = parts, {sheet} = panel;
  const speak = speaker(panel, parts);
  let tabled, editing = false;
  state.addEventListener("input", () => { editing = state.value !== panel.last.state; });
  state.addEventListener("blur", () => { editing = false; });
  state.addEventListener("keydown", ownKeys);
  state.addEventListener("change", () => {
    editing = false;
    panel.say({kind: "state", text: state.value});
  });

  return () => {
    const {last} = panel, lives = panel.alive(), waits = lives && last.progress !== null && last.progress !== undefined;
    if (sheet.canvas.width && last.css) drawSheet(sheet.canvas, canvas, fitted());
    busy.style.visibility = waits && !last.long ? "visible" : "hidden";
    if (waits) bar.value = last.progress;
    hold.textContent = last.long && lives ? BUSY : "";
    error.textContent = panel.refused || last.error || "";
    pinned.textContent = (last.pins || {}).words || "";
    if (last.words !== undefined && words.textContent !== last.words) speak(last.words);
    if (last.table !== undefined && tabled !== last.table) table.innerHTML = tabled = last.table;
    table.style.minHeight = Math.max(table.offsetHeight, parseFloat(table.style.minHeight) || 0) + "px";    // nothing below jumps
    tools.show();
    if (last.state !== undefined && !editing) state.value = last.state;
    if (last.frame) root.dataset.frame = last.frame;    // for who drives the page: tests and benchmarks
    if (last.places) root.dataset.places = JSON.stringify(last.places);
    if (parts.glance) parts.glance.show();
    walk.marks(last.marks);
    showReached(panel);
    if (last.pulse && last.pulse.length) walk.offer();
    if (last.pulse) parts.pulse.show(last.pulse, canvas, walk.pulse.beat());
    parts.halos.show();
    parts.product.renew();
  };
}

// Whether there is a kernel: without one nothing can be moved, and one line says what to do.
function lookout(panel, parts, walk, el) {
  const {root, gone, stage, busy, hold, tools} = parts, typing = typingOf(panel);
  let output;

  function look() {
    const lives = panel.alive(), shows = lives || Boolean(panel.last.css), around = el.closest(".bpviz-panel");
    root.style.display = shows ? "" : "none";
    typing.hear(around);
    if (!output) output = outputOf(el);
    if (output) output.classList.toggle("bpviz-live", shows);
    gone.textContent = goneWords("panel", lives, panel.lived());
    for (const part of [walk.row, stage, busy, tools.foot, tools.save]) part.inert = !lives;
    if (around) for (const part of around.children) if (!part.contains(el)) part.inert = !lives;
    if (lives) return;
    walk.stop();
    busy.style.visibility = "hidden";
    hold.textContent = "";
  }

  function away() {
    if (output) output.classList.remove("bpviz-live");
    typing.away();
  }
  return {look, away};
}

// Tells the kernel how wide the view is, once it stands still: again if there was nobody to hear it.
function measurer(panel, parts, view, look, high) {
  let width = 0, ratio = 0, timer;

  function measure() {
    look();
    const w = Math.round(parts.root.clientWidth), r = window.devicePixelRatio || 1;
    if (w < 50) return;
    parts.stage.style.minHeight = high(w) + "px";
    if (!panel.last.css) panel.sheet.begin().catch(console.error).then(look);      // not in a row with frames: a slow one holds none back
    if (panel.last.first) view.show();
    if (Math.abs(w - width) < 8 && r === ratio) return;
    parts.table.style.minHeight = "";
    if (panel.say({kind: "size", width: w, ratio: r})) [width, ratio] = [w, r];
  }
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(measure, width ? 150 : 0);
  };
  return {measure, soon, stop: () => clearTimeout(timer)};
}

function viewOf(panel, el) {
  const walk = walkOf(panel), parts = partsOf(panel, walk), {root, canvas} = parts;
  parts.pulse = pulseOf(panel, parts.stage);
  parts.product = productWindow(panel, parts.stage);
  parts.halos = halosOf(panel, parts, parts.product.open);
  Object.assign(walk.pulse, {want: parts.pulse.want, hold: parts.pulse.hold});
  el.append(root);
  el.style.minHeight = "";            // the room that was kept for what is here now
  const {high, fitted} = roomOf(panel, root);
  const view = {width: () => Math.round(root.clientWidth), show: shower(panel, parts, walk, fitted)};
  panel.views.add(view);
  parts.glance = draggable(panel, canvas, root);
  const {look, away} = lookout(panel, parts, walk, el), {measure, soon, stop} = measurer(panel, parts, view, look, high);
  const off = panel.onKernel(measure), watch = new ResizeObserver(soon);
  watch.observe(root);
  view.show();
  panel.flow.begin();
  return () => {
    walk.stop();
    parts.pulse.stop();
    parts.halos.stop();
    stop();
    panel.views.delete(view);
    watch.disconnect();
    off();
    away();
  };
}
