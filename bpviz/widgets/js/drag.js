// Pointer and keys in the picture: they move the two knobs of the handle, or zoom by the three knobs of the box.
const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const NEARER = {"+": 0.5, "=": 0.5, "-": 2};
const CLICK = 8;                                      // CSS pixels: a box that is dragged less far is none

// A plot in the picture: where it lies on the page, and its coordinates. It is there once a frame has told its place.
function plotOf(panel, canvas) {
  const edges = () => {
    const box = canvas.getBoundingClientRect(), [left, top, right, bottom] = panel.last.inside;
    return [box.left + left * box.width, box.top + top * box.height, box.left + right * box.width, box.top + bottom * box.height];
  };
  // [x, y, whether it is inside] of a place on the page, in the coordinates of the axes
  const at = ({clientX, clientY}) => {
    const [left, top, right, bottom] = edges(), [x0, x1, y0, y1] = panel.last.limits;
    const u = (clientX - left) / (right - left), v = (clientY - top) / (bottom - top);
    return [x0 + u * (x1 - x0), y1 - v * (y1 - y0), u >= 0 && u <= 1 && v >= 0 && v <= 1];
  };
  return {edges, at};
}

// A box dragged in the picture: a frame of its own shows it until the button is let go.
function boxOf(panel, plot, root) {
  const frame = element("div", {class: "bpviz-frame"});
  let corner;
  root.append(frame);

  function stretch(event) {
    const outer = root.getBoundingClientRect(), [left, top, right, bottom] = plot.edges();
    const across = [corner.clientX, event.clientX].sort((a, b) => a - b).map((x) => clamp(x, left, right));
    const up = [corner.clientY, event.clientY].sort((a, b) => a - b).map((y) => clamp(y, top, bottom));
    Object.assign(frame.style, {display: "block", left: `${across[0] - outer.left}px`, top: `${up[0] - outer.top}px`,
      width: `${across[1] - across[0]}px`, height: `${up[1] - up[0]}px`});
    return [plot.at({clientX: across[0], clientY: up[1]}), plot.at({clientX: across[1], clientY: up[0]})];
  }

  const show = (...values) => panel.model.get("box").forEach((name, k) => panel.knobs.put(name, Number(values[k].toPrecision(9))));
  const end = () => { frame.style.display = "none"; };

  function begin(event) {
    corner = event;
    stretch(event);
  }

  function zoom(event) {
    const [[x0, y0], [x1, y1]] = stretch(event);
    end();
    if (Math.abs(event.clientX - corner.clientX) + Math.abs(event.clientY - corner.clientY) < CLICK) return;
    show((x0 + x1) / 2, (y0 + y1) / 2, Math.max(x1 - x0, y1 - y0) / 2);
  }

  return {begin, stretch, zoom, end, show};
}

// What the arrow keys, + and - do.
function keysOf(panel, zooms, ready, box) {
  const {model, knobs, sliders} = panel;
  return (event) => {
    const way = STEPS[event.key], nearer = NEARER[event.key];
    if (!(way || (nearer && zooms)) || !ready()) return;
    event.preventDefault();
    event.stopPropagation();
    if (zooms) {
      const [x, y, reach] = model.get("box").map(knobs.value), [right, up] = way || [0, 0];
      box.show(x + 0.2 * right * reach, y + 0.2 * up * reach, reach * (nearer || 1));
      return;
    }
    const far = event.shiftKey ? 50 : 5;
    knobs.move(...model.get("handle").map((name, k) => knobs.value(name) + way[k] * far * sliders[name].get("step")));
  };
}

function draggable(panel, canvas, root) {
  const zooms = panel.model.get("box").length === 3, handle = panel.model.get("handle").length === 2;
  const plot = plotOf(panel, canvas), box = boxOf(panel, plot, root);
  const ready = () => (handle || zooms) && panel.last.inside;
  let dragging = false;
  const on = (name, action) => canvas.addEventListener(name, action);

  on("pointerdown", (event) => {
    if (event.button !== 0 || !ready()) return;
    const [x, y, within] = plot.at(event);
    if (!within) return;
    dragging = true;
    canvas.setPointerCapture(event.pointerId);
    if (zooms) box.begin(event);
    else panel.knobs.move(x, y);
  });
  on("pointermove", (event) => {
    if (!ready()) return;
    const [x, y, within] = plot.at(event);
    canvas.style.cursor = within ? "crosshair" : "default";
    if (dragging && zooms) box.stretch(event);
    else if (dragging) panel.knobs.move(x, y);
  });
  on("pointerup", (event) => {
    if (dragging && zooms) box.zoom(event);
    dragging = false;
  });
  on("pointercancel", () => {
    dragging = false;
    box.end();
  });
  on("keydown", keysOf(panel, zooms, ready, box));
}
