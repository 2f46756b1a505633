// The browser's side of a picture: it shows the tiles the kernel sends, and asks for new ones.
//
// Sliders are watched here, in the browser, and their values sent from here: at most MOST requests
// are under way, beyond that only the newest values count, each frame answers one request, and a
// lost answer is forgotten after LOST milliseconds. So nothing queues up, however slow the link.
const MOST = 3, LOST = 3000, SETTLE = 500, BEAT = 1200, LONG = 1200;
const RESTARTED = "The kernel was restarted. Run the cells above again, then this one (Shift+Enter).";
const NO_KERNEL = "There is no kernel behind this panel. Run this cell (Shift+Enter) to move it.";
const BUSY = "The kernel is busy; the panel answers when the running cell is over.";

function element(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...children);
  return e;
}

export default () => {
  const sheet = document.createElement("canvas");     // the picture itself; every view shows a copy
  const views = new Set();
  const underWay = new Map();                         // request number -> when it was sent
  const unsaved = new Map();                          // knobs put here and not told to the kernel's widgets: their values
  const sliders = {}, numbers = {}, undo = [];        // per knob: the slider, and the number that holds its value
  let model, last = {}, number = 0, waiting = false, wire = 0, saving, telling = false, putting = false, taking = false, drawn = Promise.resolve();
  let long, lived = false;                            // a timer for answers that take long; whether there ever was a kernel

  // JSON has no infinity: what is no number travels as its name, and is refused by that
  const spelt = (value) => typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  const values = () => Object.fromEntries(Object.entries(numbers).map(([k, n]) => [k, spelt(n.get("value"))]));

  // Any model knows whether its kernel is still there; a message to a kernel that is gone would be an error of the page.
  const alive = () => Object.values(sliders).every((s) => s.comm_live !== false);
  function say(content) {
    if (alive()) model.send(content);
  }

  function patient() {
    clearTimeout(long);
    long = setTimeout(() => { last = {...last, long: true}; views.forEach((view) => view.show()); }, LONG);
  }

  function ask() {
    const now = performance.now();
    for (const [n, sent] of underWay) if (now - sent > LOST) underWay.delete(n);
    if (underWay.size >= MOST) {
      if (!waiting) setTimeout(() => waiting && ask(), LOST);
      waiting = true;
      return;
    }
    waiting = false;
    underWay.set(++number, now);
    say({kind: "want", n: number, knobs: values(), wire});
    if (underWay.size === 1) patient();
  }

  // A slider can only stand on its steps, and writes that place back even when it was merely told
  // where to stand. So the number beside it holds the value, and the slider moves the number only
  // when it stands on another step than the number's.
  function slid(name) {
    if (telling) return;
    const {log, digits} = model.get("knobs")[name], s = sliders[name], step = s.get("step");
    const place = log ? Math.log10 : (value) => value, value = s.get("value");
    if (Math.abs(place(value) - place(numbers[name].get("value"))) < 0.51 * step) return;
    put(name, digits === 0 ? Math.round(value) : digits ? Number(value.toPrecision(digits))
        : Number((Math.round(value / step) * step).toFixed(10)));
  }

  function put(name, value) {
    const {low, log} = model.get("knobs")[name], high = log ? model.get("knobs")[name].high : sliders[name].get("max");
    putting = true;
    numbers[name].set("value", Math.min(high, Math.max(low, value)));
    putting = false;
    unsaved.set(name, numbers[name].get("value"));
    clearTimeout(saving);             // the kernel knows the value from `ask`; its widget may learn it later
    saving = setTimeout(save, SETTLE);
  }

  // Only values put here, as they are now. (save_changes would also bring back a value that was put
  // here and that the kernel has changed since, by a menu or Reset: the model keeps it as unsaved.)
  function save() {
    if (alive()) for (const name of unsaved.keys()) numbers[name].save({value: numbers[name].get("value")}, {patch: true});
    unsaved.clear();
  }

  function typed(name) {
    if (numbers[name]._state_lock && unsaved.has(name)) {       // the kernel's echo of an older value, late: the newer stays
      putting = true;
      numbers[name].set("value", unsaved.get(name));
      putting = false;
      return;
    }
    if (!putting) unsaved.delete(name);
    telling = true;
    sliders[name].set("value", numbers[name].get("value"));
    telling = false;
    if (!taking && !numbers[name]._state_lock) ask();           // what the kernel set, it knows
  }

  // The kernel moved knobs, all at once (a menu, Reset, a state). Its own widgets would not tell: they do not
  // know yet what was put here since, and a value that is no change to them sends no message.
  function take(knobs) {
    taking = true;
    for (const [name, value] of Object.entries(knobs)) {
      const s = sliders[name];
      unsaved.delete(name);
      if (!model.get("knobs")[name].log && value > s.get("max")) s.set("max", value);
      numbers[name].set("value", value);
    }
    taking = false;
  }

  function answered(message) {
    if (underWay.has(message.n)) {
      wire = performance.now() - underWay.get(message.n) - (message.kernel_ms || 0);
      underWay.delete(message.n);
    }
    clearTimeout(long);
    if (underWay.size) patient();
    if (last.long) {
      last.long = false;
      views.forEach((view) => view.show());
    }
    if (waiting) ask();
  }

  async function paint(message, buffers) {
    if (message.size && (sheet.width !== message.size[0] || sheet.height !== message.size[1])) {
      [sheet.width, sheet.height] = message.size;
    }
    const context = sheet.getContext("2d");
    if (message.encoding === "raw") {
      const bytes = new Uint8ClampedArray(buffers[0].buffer, buffers[0].byteOffset, buffers[0].byteLength);
      let at = 0;
      for (const [x, y, w, h] of message.tiles) {
        context.putImageData(new ImageData(bytes.subarray(at, at + 4 * w * h), w, h), x, y);
        at += 4 * w * h;
      }
    } else if (message.tiles.length) {
      const [x, y, w, h] = message.tiles[0];
      const image = await createImageBitmap(new Blob([buffers[0]], {type: "image/png"}));
      context.clearRect(x, y, w, h);
      context.drawImage(image, x, y);
    }
    last = {...last, ...message, first: false};
    for (const view of views) view.show();
  }

  // The frames that came with the picture itself: one is there although the kernel may be busy with other cells.
  async function begin() {
    const [view] = views, w = view ? view.width() : 0, far = ({css}) => Math.abs(Math.log(css[0] / w));
    const [frame] = [...model.get("first")].sort((a, b) => far(a) - far(b));
    if (last.css || !frame || w < 50) return;
    last = {...last, ...frame, png: undefined, first: true};
    for (const view of views) view.show();                             // words and table have their place at once
    const image = await createImageBitmap(new Blob([frame.png], {type: "image/png"}));
    if (!last.first) return;
    [sheet.width, sheet.height] = [image.width, image.height];
    sheet.getContext("2d").drawImage(image, 0, 0);
    for (const view of views) view.show();
  }

  // Values that the kernel refused give way to the last good ones, unless newer ones have been put here since.
  function takeBack(knobs) {
    const still = Object.entries(knobs).filter(([name, [value]]) => numbers[name] && spelt(numbers[name].get("value")) === value);
    take(Object.fromEntries(still.map(([name, [, good]]) => [name, good])));
  }

  function receive(message, buffers) {
    if (message.kind === "frame") {
      drawn = drawn.then(() => paint(message, buffers)).catch(console.error).then(() => answered(message));
    } else if (message.kind === "put") {
      take(message.knobs);
    } else if (message.kind === "note") {              // progress or an error: words, no pixels
      if (message.back) takeBack(message.back);
      last = {...last, ...message};
      for (const view of views) view.show();
      answered(message);
    }
  }

  // Move the two knobs of the handle to a point in the coordinates of the axes.
  function move(...point) {
    model.get("handle").forEach((name, k) => {
      const step = sliders[name].get("step");
      put(name, Number((Math.round(point[k] / step) * step).toFixed(10)));
    });
  }

  // Sliders have no name of their own for a screen reader: give each handle its slider's label.
  function nameHandles() {
    for (const s of Object.values(sliders)) {
      for (const promise of Object.values(s.views || {})) {
        promise.then((view) => view.el.querySelectorAll(".noUi-handle").forEach(
          (handle) => handle.setAttribute("aria-label", s.get("description"))));
      }
    }
  }

  async function initialize(context) {
    model = context.model;
    model.on("msg:custom", receive);
    model.on("change:first", begin);
    const find = (reference) => model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
    for (const name of Object.keys(model.get("sliders"))) {
      const s = sliders[name] = await find(model.get("sliders")[name]);
      const n = numbers[name] = await find(model.get("numbers")[name]);
      s.save_changes = () => {};      // where a slider stands is the browser's own business: no message for it
      const listeners = [[s, () => slid(name)], [n, () => typed(name)]];
      for (const [m, listener] of listeners) {
        m.on("change:value", listener);
        undo.push(() => m.off("change:value", listener));
      }
      undo.push(() => { delete s.save_changes; });
    }
    lived = alive();
    say({kind: "hello"});
    return () => {
      clearTimeout(long);
      clearTimeout(saving);
      model.off("msg:custom", receive);
      model.off("change:first", begin);
      undo.forEach((off) => off());
    };
  }

  function render({model, el}) {
    const canvas = element("canvas", {class: "bpviz-canvas", tabindex: "0", role: "img"});
    const words = element("div", {class: "bpviz-words", "aria-hidden": "true"});
    const spoken = element("div", {class: "bpviz-spoken", role: "status", "aria-live": "polite"});
    const error = element("div", {class: "bpviz-error", role: "alert"});
    const bar = element("progress", {max: "1", "aria-label": "progress"});
    const cancel = element("button", {class: "bpviz-button", type: "button"}, "Cancel");
    const hold = element("div", {class: "bpviz-hold", "aria-live": "polite"});
    const busy = element("div", {class: "bpviz-busy"}, bar, cancel);
    const gone = element("div", {class: "bpviz-gone", role: "alert"});
    const stage = element("div", {class: "bpviz-stage"}, canvas);
    const table = element("div", {class: "bpviz-table"});
    const state = element("input", {type: "text", class: "bpviz-state", spellcheck: "false"});
    const reset = element("button", {class: "bpviz-button", type: "button"}, "Reset");
    const walk = element("div", {class: "bpviz-walk", role: "group", "aria-label": "walk"});
    const foot = element("div", {class: "bpviz-foot"}, reset, element("label", {}, "State ", state));
    const root = element("div", {class: "bpviz-picture"}, gone, busy, hold, walk, stage, error, words, spoken, table, foot);
    el.append(root);
    el.style.minHeight = "";            // the room that was kept for what is here now
    let quiet, editing = false;

    const view = {
      width: () => Math.round(root.clientWidth),
      show() {
        if (sheet.width && last.css) {
          if (canvas.width !== sheet.width || canvas.height !== sheet.height) {
            [canvas.width, canvas.height] = [sheet.width, sheet.height];
          }
          const [w, h] = fitted();
          canvas.style.width = w + "px";
          canvas.style.aspectRatio = `${w} / ${h}`;
          canvas.getContext("2d").drawImage(sheet, 0, 0);
        }
        busy.style.visibility = last.progress === null || last.progress === undefined ? "hidden" : "visible";
        if (last.progress !== null && last.progress !== undefined) bar.value = last.progress;
        hold.textContent = last.long && alive() ? BUSY : "";
        error.textContent = last.error || "";
        if (last.words !== undefined && words.textContent !== last.words) {
          words.textContent = last.words;
          clearTimeout(quiet);            // read aloud once it stands still, not at every frame
          quiet = setTimeout(() => {
            spoken.textContent = last.words;
            canvas.setAttribute("aria-label", `${model.get("label")} ${last.words}`);
            nameHandles();
          }, SETTLE);
        }
        if (last.table !== undefined && view.table !== last.table) table.innerHTML = view.table = last.table;
        for (const part of [words, table]) {      // what was longer a moment ago may be so again: nothing below it jumps
          part.style.minHeight = Math.max(part.offsetHeight, parseFloat(part.style.minHeight) || 0) + "px";
        }
        if (last.state !== undefined && !editing) state.value = last.state;
        if (last.frame) root.dataset.frame = last.frame;    // for who drives the page: tests and benchmarks
        if (last.marks && view.marks !== JSON.stringify(last.marks)) marks(view.marks = JSON.stringify(last.marks));
        if (last.inside) root.dataset.inside = JSON.stringify(last.inside);
      },
    };
    views.add(view);

    // how high the picture will be in this width; a first frame of about that shape fills it, others keep their own
    const high = (w) => {
      const {least, grain, heights} = model.get("room");
      return heights[Math.min(heights.length - 1, Math.max(0, Math.floor((w - least) / grain)))];
    };
    const fitted = () => {
      const w = Math.round(root.clientWidth), [width, height] = last.css, stretch = (high(w) / w) / (height / width);
      return last.first && w > 50 && stretch > 0.8 && stretch < 1.25 ? [w, high(w)] : last.css;
    };

    // the buttons that walk along one slider: back, on, by itself, and to where a phase begins
    const place = () => numbers[model.get("plays")].get("value"), end = () => sliders[model.get("plays")].get("max");
    let playing;
    const pause = () => { clearInterval(playing); playing = undefined; play.textContent = model.get("play"); };
    const button = (text, action) => {
      const b = element("button", {class: "bpviz-button", type: "button"}, text);
      b.addEventListener("click", action);
      b.addEventListener("keydown", (event) => event.stopPropagation());
      return b;
    };
    const go = (to) => put(model.get("plays"), to);
    const play = button(model.get("play"), () => {
      if (playing) return pause();
      if (place() >= end()) go(model.get("knobs")[model.get("plays")].low);
      play.textContent = "Pause";
      playing = setInterval(() => place() < end() ? go(place() + 1) : pause(), BEAT);
    });
    const phases = element("span", {class: "bpviz-phases"});
    if (model.get("plays")) {
      walk.append(button("Back", () => { pause(); go(place() - 1); }), button("Step", () => { pause(); go(place() + 1); }),
        play, phases);
    }
    function marks(text) {
      phases.replaceChildren(...JSON.parse(text).map(([label, to]) => button(label, () => { pause(); go(to); })));
    }

    // where the pointer is, in the coordinates of the axes that hold the handle
    const at = (event) => {
      const box = canvas.getBoundingClientRect(), [left, top, right, bottom] = last.inside;
      const [x0, x1, y0, y1] = last.limits;
      const u = ((event.clientX - box.left) / box.width - left) / (right - left);
      const v = ((event.clientY - box.top) / box.height - top) / (bottom - top);
      return [x0 + u * (x1 - x0), y1 - v * (y1 - y0), u >= 0 && u <= 1 && v >= 0 && v <= 1];
    };
    let dragging = false;
    const ready = () => (model.get("handle").length === 2 || boxed()) && last.inside;

    // a box dragged in the picture zooms: a frame of its own shows it until the button is let go
    const boxed = () => model.get("box").length === 3;
    const frame = element("div", {class: "bpviz-frame"});
    let corner;
    const stretch = (event) => {
      const box = canvas.getBoundingClientRect(), outer = root.getBoundingClientRect();
      const [x0, x1] = [corner.clientX, event.clientX].sort((a, b) => a - b);
      const [y0, y1] = [corner.clientY, event.clientY].sort((a, b) => a - b);
      const [left, top, right, bottom] = last.inside;
      const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
      const across = [x0, x1].map((x) => clamp(x, box.left + left * box.width, box.left + right * box.width));
      const up = [y0, y1].map((y) => clamp(y, box.top + top * box.height, box.top + bottom * box.height));
      Object.assign(frame.style, {display: "block", left: `${across[0] - outer.left}px`, top: `${up[0] - outer.top}px`,
        width: `${across[1] - across[0]}px`, height: `${up[1] - up[0]}px`});
      return [at({clientX: across[0], clientY: up[1]}), at({clientX: across[1], clientY: up[0]})];
    };
    const zoom = (event) => {
      const [[x0, y0], [x1, y1]] = stretch(event);
      frame.style.display = "none";
      if (Math.abs(event.clientX - corner.clientX) + Math.abs(event.clientY - corner.clientY) < 8) return;   // a click
      window_((x0 + x1) / 2, (y0 + y1) / 2, Math.max(x1 - x0, y1 - y0) / 2);
    };
    const window_ = (...values) => model.get("box").forEach((name, k) => put(name, Number(values[k].toPrecision(9))));
    root.append(frame);
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !ready()) return;
      const [x, y, within] = at(event);
      if (!within) return;
      dragging = true;
      canvas.setPointerCapture(event.pointerId);
      if (boxed()) {
        corner = event;
        stretch(event);
      } else {
        move(x, y);
      }
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!ready()) return;
      const [x, y, within] = at(event);
      canvas.style.cursor = within ? "crosshair" : "default";
      if (dragging && boxed()) stretch(event);
      else if (dragging) move(x, y);
    });
    canvas.addEventListener("pointerup", (event) => {
      if (dragging && boxed()) zoom(event);
      dragging = false;
    });
    canvas.addEventListener("pointercancel", () => {
      dragging = false;
      frame.style.display = "none";
    });
    canvas.addEventListener("keydown", (event) => {
      const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
      const nearer = {"+": 0.5, "=": 0.5, "-": 2}[event.key];
      if (!(way || (nearer && boxed())) || !ready()) return;
      event.preventDefault();
      event.stopPropagation();
      if (boxed()) {
        const [x, y, reach] = model.get("box").map((name) => numbers[name].get("value"));
        const [right, up] = way || [0, 0];
        return window_(x + 0.2 * right * reach, y + 0.2 * up * reach, reach * (nearer || 1));
      }
      const far = event.shiftKey ? 50 : 5;
      move(...model.get("handle").map((name, k) => numbers[name].get("value") + way[k] * far * sliders[name].get("step")));
    });

    cancel.addEventListener("click", () => say({kind: "cancel"}));
    reset.addEventListener("click", () => say({kind: "reset"}));
    state.addEventListener("input", () => { editing = state.value !== last.state; });
    state.addEventListener("blur", () => { editing = false; });
    state.addEventListener("change", () => {
      editing = false;
      say({kind: "state", text: state.value});
    });
    for (const e of [state, reset, cancel]) e.addEventListener("keydown", (event) => event.stopPropagation());

    // the still picture saved beside the widget steps back while there is a live one; without a kernel nothing can be
    // moved, and one line says what to do
    const area = () => el.closest(".jp-OutputArea, .output, .cell-output") || el.parentElement;
    let marked, heard, timer, width = 0, ratio = 0;
    const noNumber = ({target}) => {            // an emptied box: its widget puts the last number back, without a word
      const number = Object.values(numbers).find((n) => n.get("description") === target.getAttribute("aria-label")
        || (target.labels && target.labels[0] && target.labels[0].textContent === n.get("description")));
      if (target.type !== "number" || target.value !== "" || !number) return;
      last = {...last, error: `${number.get("description")}: got no number; allowed is a number such as ${number.get("value")}`};
      for (const view of views) view.show();
    };
    const witness = Object.values(sliders)[0];
    const look = () => {
      const lives = alive(), shows = lives || Boolean(last.css), panel = el.closest(".bpviz-panel");
      root.style.display = shows ? "" : "none";
      if (panel && panel !== heard) {
        heard = panel;
        panel.addEventListener("change", noNumber, true);
      }
      if (!marked) marked = area();
      if (marked) marked.classList.toggle("bpviz-live", shows);
      lived = lived || lives;
      gone.textContent = lives ? "" : lived ? RESTARTED : NO_KERNEL;
      for (const part of [walk, stage, busy, foot]) part.inert = !lives;
      if (panel) for (const part of panel.children) if (!part.contains(el)) part.inert = !lives;
      if (!lives) {
        clearInterval(playing);
        busy.style.visibility = "hidden";
        hold.textContent = "";
      }
    };
    if (witness) witness.on("comm_live_update", look);
    const measure = () => {
      look();
      const w = Math.round(root.clientWidth), r = window.devicePixelRatio || 1;
      if (w < 50) return;
      stage.style.minHeight = high(w) + "px";
      if (!last.css) begin().catch(console.error).then(look);      // not in a row with frames: a slow one holds none back
      if (last.first) view.show();
      if (Math.abs(w - width) < 8 && r === ratio) return;
      [width, ratio] = [w, r];
      for (const part of [words, table]) part.style.minHeight = "";
      say({kind: "size", width: w, ratio: r});
    };
    const watch = new ResizeObserver(() => { clearTimeout(timer); timer = setTimeout(measure, width ? 150 : 0); });
    watch.observe(root);
    view.show();
    return () => {
      clearInterval(playing);
      views.delete(view);
      watch.disconnect();
      if (witness) witness.off("comm_live_update", look);
      if (marked) marked.classList.remove("bpviz-live");
      if (heard) heard.removeEventListener("change", noNumber, true);
    };
  }

  return {initialize, render};
};
