// A curve drawn by mouse, finger, pen or keys: heights in shares of the plot, one for each column, null where none is.
const WIDEST = 640, SPEAK = 400;
const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 0.02], ArrowDown: [0, -0.02]};

// A straight piece from one (column, height) to another; a pointer may stand between two columns.
function stroke(draft, [k0, v0], [k1, v1]) {
  const [left, right] = [Math.ceil(Math.min(k0, k1)), Math.floor(Math.max(k0, k1))];
  for (let k = left; k <= right; k += 1) draft.heights[k] = k0 === k1 ? v1 : v0 + (v1 - v0) * (k - k0) / (k1 - k0);
  draft.pen = {k: Math.round(k1), v: v1};
  if (k0 === k1) draft.heights[draft.pen.k] = v1;
}

// The pointer draws: `draw` at every move, `changed` once it is let go.  opened: () -> whether it may.
function drawByPointer(canvas, places, {form, draft, changed}, opened, draw) {
  const at = (event) => {
    const [u, v] = places.at(event);
    return [u * (form.columns - 1), v];
  };
  let last;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !opened()) return;
    canvas.focus();
    canvas.setPointerCapture(event.pointerId);
    stroke(draft, last = at(event), last);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last || !opened()) return;
    const all = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const each of all.length ? all : [event]) {
      const next = at(each);
      stroke(draft, last, next);
      last = next;
    }
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (last) changed();
      last = undefined;
    });
  }
}

// The arrow keys draw, with Shift six times as far; where the pen stands is spoken once it rests. Returns how to stop that.
function drawByKeys(canvas, spoken, {form, draft, changed}, opened, draw) {
  let speaking;
  const speak = () => {
    const [low, high] = form.limits, value = low + draft.pen.v * (high - low);
    spoken.textContent = `${form.labels[0]} ${form.x[draft.pen.k]}: ${Number(value.toPrecision(3))}`;
    changed();
  };
  canvas.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way || !opened() || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 6 : 1, {k, v} = draft.pen;
    stroke(draft, [k, v], [clamp(k + far * way[0], 0, form.columns - 1), clamp(v + far * way[1], 0, 1)]);
    draw();
    clearTimeout(speaking);
    speaking = setTimeout(speak, SPEAK);
  });
  return () => clearTimeout(speaking);
}

function sketchpad(asked) {
  const {form, draft} = asked;
  const canvas = element("canvas", {class: "bpviz-sketch", tabindex: "0", role: "application",
    "aria-roledescription": "drawing area", "data-lm-suppress-shortcuts": "true"});
  const spoken = element("div", {class: "bpviz-unseen", role: "status", "aria-live": "polite"});
  const places = placesOf(canvas, form.ticks.y), opened = () => open;
  let open = true, truth = null;

  function draw() {
    if (places.size[0] < 50) return;
    const context = blank(canvas, places.size);
    drawAxes(context, places, form);
    if (truth) drawCurve(context, places, truth, VERMILION, []);
    drawCurve(context, places, draft.heights, BLUE, truth ? [9, 6] : []);
    if (open && draft.heights.every((v) => v === null)) {
      drawText(context, "draw here, from the left edge to the right", [places.x(0.5), places.y(0.55)], "center", "middle",
        {fillStyle: "#595959", font: "15px sans-serif"});
    }
    if (open && document.activeElement === canvas) {
      drawPen(context, [places.x(draft.pen.k / (form.columns - 1)), places.y(draft.pen.v)]);
    }
  }
  function fit(w) {
    const wide = Math.min(WIDEST, w);
    places.size = [wide, Math.round(clamp(0.54 * wide, 230, 340))];
    draw();
  }
  // opened: whether it may be drawn on.  outcome: the curve that happens, or null.  label: what the canvas is, in words.
  function show(opened, outcome, label) {
    [open, truth] = [opened, outcome];
    canvas.style.cursor = open ? "crosshair" : "default";
    canvas.setAttribute("aria-label", label);
    if (open) canvas.tabIndex = 0;
    else canvas.removeAttribute("tabindex");
    canvas.setAttribute("role", open ? "application" : "img");
    draw();
  }
  drawByPointer(canvas, places, asked, opened, draw);
  const away = drawByKeys(canvas, spoken, asked, opened, draw);
  canvas.addEventListener("focus", draw);
  canvas.addEventListener("blur", draw);
  canvas.dataset.left = places.left;             // for who drives the page
  return {left: places.left, parts: [canvas, spoken], canvas, fit, show, away};
}

// Whole from edge to edge: a little that is missing at an edge goes on level, a gap is bridged; null for less than that.
function whole(heights) {
  const there = heights.flatMap((v, k) => v === null ? [] : [k]), n = heights.length, slack = Math.ceil(0.06 * n);
  if (!there.length || there[0] > slack || there[there.length - 1] < n - 1 - slack) return null;
  const full = [...heights];
  for (let k = 0; k < there[0]; k += 1) full[k] = heights[there[0]];
  for (let k = there[there.length - 1] + 1; k < n; k += 1) full[k] = heights[there[there.length - 1]];
  there.forEach((k, j) => {
    const next = there[j + 1];
    for (let i = k + 1; next && i < next; i += 1) full[i] = heights[k] + (heights[next] - heights[k]) * (i - k) / (next - k);
  });
  return full;
}
