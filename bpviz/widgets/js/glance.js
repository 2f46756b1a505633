// Pointing at a path, no button pressed: what a slider would show there is shown for as long, and said beside the pointer.
// The slider itself does not move, so there is nothing to take back.
const CLOSE = 9, START = 16;                          // CSS pixels from the path; the start keeps this much for itself

// The value of the path's point nearest to the pointer, if that is close: points are [value, across, up], in shares.
function valueNear(place, canvas, event) {
  const [left, top, right, bottom] = edgesOf(place, canvas), wide = right - left, high = bottom - top;
  const [u, v] = sharesOf(place, canvas, event), {points} = place;
  if (u < 0 || u > 1 || v < 0 || v > 1 || !points.length) return undefined;
  if (Math.hypot((u - points[0][1]) * wide, (v - points[0][2]) * high) < START) return undefined;
  let best, near = CLOSE;
  for (let k = 0; k < points.length - 1; k++) {
    const [from, x0, y0] = points[k], [to, x1, y1] = points[k + 1];
    const [ax, ay, bx, by] = [(x1 - x0) * wide, (y1 - y0) * high, (u - x0) * wide, (v - y0) * high];
    const along = clamp((ax * bx + ay * by) / Math.max(ax * ax + ay * ay, 1e-9), 0, 1);
    const far = Math.hypot(bx - along * ax, by - along * ay);
    if (far < near) [best, near] = [Math.max(1, Math.round(from + along * (to - from))), far];
  }
  return best;
}

function glanceOf(panel, canvas, root) {
  const label = element("div", {class: "bpviz-glance", "aria-hidden": "true"});
  root.append(label);
  let knob;
  const place = () => (panel.last.places || []).find(({kind, knobs}) => kind === "glance" && (!knob || knobs[0] === knob));

  function show() {
    const there = knob && place();
    label.style.display = there && there.value === panel.glance[knob] ? "block" : "none";
    if (there) label.textContent = there.words;
  }

  // quiet: the knobs say it from now on
  function off(quiet) {
    if (!knob) return;
    knob = undefined;
    panel.glance = {};
    if (quiet !== true) panel.flow.ask();
    show();
  }

  function over(event) {
    const there = place(), value = there && valueNear(there, canvas, event);
    if (value === undefined) return off();
    const outer = root.getBoundingClientRect(), right = event.clientX - outer.left > outer.width / 2;
    Object.assign(label.style, {top: `${event.clientY - outer.top + 14}px`,
      left: right ? "" : `${event.clientX - outer.left + 14}px`,
      right: right ? `${outer.right - event.clientX + 14}px` : ""});
    if (knob && panel.glance[knob] === value) return undefined;
    [knob] = there.knobs;
    panel.glance = {[knob]: value};
    panel.flow.ask();
    return show();
  }

  return {over, off, show};
}
