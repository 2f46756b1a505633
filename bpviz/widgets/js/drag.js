// Pointer and keys in the picture. What a place does (drag, box, slide, turn, pick, pull, lift) is told with the frame: plots/places.py.
const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const NEARER = {"+": 0.5, "=": 0.5, "-": 2};
const CLICK = 8;                                      // CSS pixels: a box that is dragged less far is none
const CURSORS = {drag: "crosshair", box: "crosshair", slide: "ew-resize", turn: "grab", pick: "pointer", pull: "grab",
  lift: "ns-resize"};
const SPOTTED = ["pick", "pull", "lift"];             // these are only where their spots are, and there they come first

// Whether arrow keys move anything in the picture: then a screen reader must hand them on.
const keysIn = ({model}) => model.get("box").length === 3 || model.get("handle").length === 2;

// The value at a share of an axis, of which values at equal distances are told.
function valueAt(values, share) {
  const last = values.length - 1, k = clamp(Math.floor(share * last), 0, last - 1);
  return values[k] + (share * last - k) * (values[k + 1] - values[k]);
}

// The edges of a place on the page: left, top, right, bottom.
function edgesOf(place, canvas) {
  const box = canvas.getBoundingClientRect(), [left, top, right, bottom] = place.inside;
  return [box.left + left * box.width, box.top + top * box.height, box.left + right * box.width, box.top + bottom * box.height];
}

// The shares of a place at which the pointer is: across from its left, up from its floor.
function sharesOf(place, canvas, {clientX, clientY}) {
  const [left, top, right, bottom] = edgesOf(place, canvas);
  return [(clientX - left) / (right - left), (bottom - clientY) / (bottom - top)];
}

function pointOf(place, canvas, event) {
  const [u, v] = sharesOf(place, canvas, event);
  return [valueAt(place.across, u), valueAt(place.up, v)];
}

// The value of the spot under the pointer, if there is one.
function spotOf(place, [u, v]) {
  let best, near = Infinity;
  for (const [value, x0, y0, x1, y1] of place.spots) {
    const far = Math.hypot(u - (x0 + x1) / 2, v - (y0 + y1) / 2), [left, right] = [x0, x1].sort((a, b) => a - b);
    const [low, high] = [y0, y1].sort((a, b) => a - b);
    if (u >= left && u <= right && v >= low && v <= high && far < near) [best, near] = [value, far];
  }
  return best;
}

// The place that the pointer is in, of those that are there once a frame has told them.
function placeAt(panel, canvas, event) {
  const under = (panel.last.places || []).filter((place) => {
    if (place.kind === "glance") return false;        // no button is pressed there: glance.js
    const [u, v] = sharesOf(place, canvas, event);
    return u >= 0 && u <= 1 && v >= 0 && v <= 1 && (!SPOTTED.includes(place.kind) || spotOf(place, [u, v]) !== undefined);
  });
  return under.find(({kind}) => SPOTTED.includes(kind)) || under[0];
}

// A box dragged in the picture: a frame of its own shows it until the button is let go.
function boxOf(panel, canvas, root) {
  const frame = element("div", {class: "bpviz-frame"});
  let corner;
  root.append(frame);

  function stretch(place, event) {
    const outer = root.getBoundingClientRect(), [left, top, right, bottom] = edgesOf(place, canvas);
    const across = [corner.clientX, event.clientX].sort((a, b) => a - b).map((x) => clamp(x, left, right));
    const up = [corner.clientY, event.clientY].sort((a, b) => a - b).map((y) => clamp(y, top, bottom));
    Object.assign(frame.style, {display: "block", left: `${across[0] - outer.left}px`, top: `${up[0] - outer.top}px`,
      width: `${across[1] - across[0]}px`, height: `${up[1] - up[0]}px`});
    const at = (clientX, clientY) => pointOf(place, canvas, {clientX, clientY});
    return [at(across[0], up[1]), at(across[1], up[0])];
  }

  const show = (...values) => panel.model.get("box").forEach((name, k) => panel.knobs.put(name, Number(values[k].toPrecision(9))));
  const end = () => { frame.style.display = "none"; };

  function begin(place, event) {
    corner = event;
    stretch(place, event);
  }

  function zoom(place, event) {
    const [[x0, y0], [x1, y1]] = stretch(place, event);
    end();
    if (Math.abs(event.clientX - corner.clientX) + Math.abs(event.clientY - corner.clientY) < CLICK) return;
    show((x0 + x1) / 2, (y0 + y1) / 2, Math.max(x1 - x0, y1 - y0) / 2);
  }

  return {begin, stretch, zoom, end, show};
}

// What a press, a move and a release of the pointer do in each kind of place; `start`: where it was pressed, and the knobs then.
function handsOf(panel, canvas, box) {
  const {knobs} = panel, nothing = () => {};
  const follow = (place, event) => knobs.move(place.knobs, ...pointOf(place, canvas, event));
  const turn = (place, event, start) => knobs.move(place.knobs,
    ...place.each.map((each, k) => start.values[k] + each * (k ? start.event.clientY - event.clientY : event.clientX - start.event.clientX)));
  function pull(place, event, {seen}) {               // where a path is pointed at, it is pulled from there
    const by = pointOf(place, canvas, event).map((at, k) => at - place.home[k]);
    knobs.move([...place.knobs, ...Object.keys(seen)], ...by, ...Object.values(seen));
  }
  const lift = (place, event, start) => knobs.move(place.knobs, start.values[0] + place.each * (start.event.clientY - event.clientY));
  function pick(place, event) {                       // once more: not picked any more, where the slider has a 0 for that
    const [name] = place.knobs, value = spotOf(place, sharesOf(place, canvas, event));
    knobs.put(name, value === knobs.value(name) && panel.model.get("knobs")[name].low === 0 ? 0 : value);
  }
  return {
    drag: {down: follow, move: follow, up: nothing},
    slide: {down: follow, move: follow, up: nothing},
    pull: {down: nothing, move: pull, up: nothing},
    lift: {down: nothing, move: lift, up: nothing},
    pick: {down: pick, move: nothing, up: nothing},
    turn: {down: nothing, move: turn, up: nothing},
    box: {down: box.begin, move: box.stretch, up: box.zoom},
  };
}

// What the arrow keys, + and - do.
function keysOf(panel, box) {
  const {model, knobs, sliders} = panel, zooms = model.get("box").length === 3, handle = model.get("handle").length === 2;
  return (event) => {
    const way = STEPS[event.key], nearer = NEARER[event.key];
    if (!(handle || zooms) || !(way || (nearer && zooms)) || !panel.last.places) return;
    event.preventDefault();
    event.stopPropagation();
    if (zooms) {
      const [x, y, reach] = model.get("box").map(knobs.value), [right, up] = way || [0, 0];
      box.show(x + 0.2 * right * reach, y + 0.2 * up * reach, reach * (nearer || 1));
      return;
    }
    const far = event.shiftKey ? 50 : 5, names = model.get("handle");
    knobs.move(names, ...names.map((name, k) => knobs.value(name) + way[k] * far * sliders[name].get("step")));
  };
}

function draggable(panel, canvas, root) {
  const box = boxOf(panel, canvas, root), hands = handsOf(panel, canvas, box), glance = glanceOf(panel, canvas, root);
  let held;
  const on = (name, action) => canvas.addEventListener(name, action);
  // the place that is held, as the last frame told it: it may have moved
  const place = () => panel.last.places[held.k];

  on("pointerdown", (event) => {
    const found = event.button === 0 && placeAt(panel, canvas, event);
    if (!found) return;
    const seen = found.kind === "pull" ? panel.glance : {};
    if (found.kind !== "pull") glance.off();
    held = {k: panel.last.places.indexOf(found), event, seen, values: found.knobs.map(panel.knobs.value)};
    canvas.setPointerCapture(event.pointerId);
    hands[found.kind].down(found, event);
  });
  on("pointermove", (event) => {
    const over = held ? place() : placeAt(panel, canvas, event);
    canvas.style.cursor = over ? CURSORS[over.kind] : "default";
    if (held && over) {
      glance.off(true);
      hands[over.kind].move(over, event, held);
    }
    if (!held && event.pointerType !== "touch") glance.over(event);
  });
  on("pointerleave", glance.off);
  on("pointerup", (event) => {
    if (held && place()) hands[place().kind].up(place(), event);
    held = undefined;
  });
  on("pointercancel", () => {
    held = undefined;
    box.end();
  });
  on("keydown", keysOf(panel, box));
  return glance;
}
