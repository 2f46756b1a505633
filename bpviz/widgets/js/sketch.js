// A curve drawn by mouse, finger, pen or keys: heights in shares of the plot, one for each column, null where none is.
const MARGIN = {right: 18, top: 14, bottom: 46}, WIDEST = 640, SPEAK = 400, FONT = "13px sans-serif";
const INK = "#222222", GRID = "#d5d5d5", BLUE = "#0072b2", VERMILION = "#d55e00", ORANGE = "#e69f00";

// What stands left of the plot: its name, turned, and the longest of these labels.
function room(context, ticks) {
  context.font = FONT;
  return 40 + Math.ceil(Math.max(...ticks.map(([, label]) => context.measureText(label).width)));
}

function sketchpad(form, draft, changed) {
  const {columns} = form, canvas = element("canvas", {class: "bpviz-sketch", tabindex: "0", role: "application",
    "aria-roledescription": "drawing area", "data-lm-suppress-shortcuts": "true"});
  const spoken = element("div", {class: "bpviz-unseen", role: "status", "aria-live": "polite"});
  let size = [0, 0], open = true, last, speaking, shown = {};

  const height = (w) => Math.round(Math.max(230, Math.min(340, 0.54 * w)));
  const left = room(canvas.getContext("2d"), form.ticks.y);
  const inner = () => [size[0] - left - MARGIN.right, size[1] - MARGIN.top - MARGIN.bottom];
  const px = (u) => left + u * inner()[0], py = (v) => MARGIN.top + (1 - v) * inner()[1];
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  function line(context, heights, colour, dash) {
    context.save();                      // what leaves the plot leaves the picture
    context.beginPath();
    context.rect(left - 2, MARGIN.top - 2, inner()[0] + 4, inner()[1] + 4);
    context.clip();
    context.strokeStyle = colour;
    context.setLineDash(dash);
    context.beginPath();
    let down = false;
    heights.forEach((v, k) => {
      if (v === null) down = false;
      else if (down) context.lineTo(px(k / (heights.length - 1)), py(v));
      else {
        context.moveTo(px(k / (heights.length - 1)), py(v));
        down = true;
      }
    });
    context.stroke();
    context.restore();
  }

  function draw() {
    const ratio = window.devicePixelRatio || 1, [w, h] = size, context = canvas.getContext("2d");
    if (w < 50) return;
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(h * ratio);
    canvas.style.width = `${w}px`;
    canvas.style.height = `${h}px`;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, w, h);
    context.font = FONT;
    context.lineWidth = 1;
    context.fillStyle = INK;
    context.strokeStyle = GRID;
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const [u, label] of form.ticks.x) {
      context.beginPath();
      context.moveTo(px(u), py(0));
      context.lineTo(px(u), py(1));
      context.stroke();
      context.fillText(label, px(u), py(0) + 6);
    }
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [v, label] of form.ticks.y) {
      context.beginPath();
      context.moveTo(px(0), py(v));
      context.lineTo(px(1), py(v));
      context.stroke();
      context.fillText(label, px(0) - 8, py(v));
    }
    context.strokeStyle = INK;
    context.beginPath();
    context.moveTo(px(0), py(1));
    context.lineTo(px(0), py(0));
    context.lineTo(px(1), py(0));
    context.stroke();
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    context.fillText(form.labels[0], px(0.5), h - 8);
    context.save();
    context.translate(15, py(0.5));
    context.rotate(-Math.PI / 2);
    context.fillText(form.labels[1], 0, 0);
    context.restore();

    context.lineJoin = context.lineCap = "round";
    context.lineWidth = 3;
    if (shown.truth) line(context, shown.truth, VERMILION, []);
    line(context, draft.heights, BLUE, shown.truth ? [9, 6] : []);
    if (open && !draft.heights.some((v) => v !== null)) {
      context.fillStyle = "#595959";
      context.font = "15px sans-serif";
      context.textBaseline = "middle";
      context.fillText("draw here, from the left edge to the right", px(0.5), py(0.55), inner()[0]);
    }
    if (open && document.activeElement === canvas) {                    // the pen that the keys move
      const [x, y] = [px(draft.pen.k / (columns - 1)), py(draft.pen.v)];
      context.fillStyle = ORANGE;
      context.strokeStyle = INK;
      context.lineWidth = 1.5;
      context.fillRect(x - 6, y - 6, 12, 12);
      context.strokeRect(x - 6, y - 6, 12, 12);
    }
  }

  // a straight piece from one (column, height) to another; a pointer may stand between two columns
  function stroke([k0, v0], [k1, v1]) {
    const [left, right] = [Math.ceil(Math.min(k0, k1)), Math.floor(Math.max(k0, k1))];
    for (let k = left; k <= right; k += 1) draft.heights[k] = k0 === k1 ? v1 : v0 + (v1 - v0) * (k - k0) / (k1 - k0);
    draft.pen = {k: Math.round(k1), v: v1};
    if (k0 === k1) draft.heights[draft.pen.k] = v1;
  }

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [clamp((event.clientX - box.left - left) / inner()[0], 0, 1) * (columns - 1),
      clamp(1 - (event.clientY - box.top - MARGIN.top) / inner()[1], 0, 1)];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !open) return;
    canvas.focus();
    canvas.setPointerCapture(event.pointerId);
    stroke(last = at(event), last);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last || !open) return;
    const all = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const each of all.length ? all : [event]) {
      const next = at(each);
      stroke(last, next);
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
  canvas.addEventListener("keydown", (event) => {
    const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 0.02], ArrowDown: [0, -0.02]}[event.key];
    if (!way || !open || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 6 : 1, {k, v} = draft.pen;
    stroke([k, v], [clamp(k + far * way[0], 0, columns - 1), clamp(v + far * way[1], 0, 1)]);
    draw();
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      const [low, high] = form.limits, value = low + draft.pen.v * (high - low);
      spoken.textContent = `${form.labels[0]} ${form.x[draft.pen.k]}: ${Number(value.toPrecision(3))}`;
      changed();
    }, SPEAK);
  });
  canvas.addEventListener("focus", draw);
  canvas.addEventListener("blur", draw);

  canvas.dataset.left = left;             // for who drives the page
  return {
    left,
    parts: [canvas, spoken],
    canvas,
    fit(w) {
      size = [Math.min(WIDEST, w), height(Math.min(WIDEST, w))];
      draw();
    },
    show(opened, outcome, label) {
      [open, shown] = [opened, outcome];
      canvas.style.cursor = open ? "crosshair" : "default";
      canvas.setAttribute("aria-label", label);
      if (open) canvas.tabIndex = 0;
      else canvas.removeAttribute("tabindex");
      canvas.setAttribute("role", open ? "application" : "img");
      draw();
    },
    away: () => clearTimeout(speaking),
  };
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
