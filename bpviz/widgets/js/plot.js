// The plot that a curve is drawn in: where things stand on its canvas, axes, curves, and the pen that the keys move.
// Across and up are shares of the plot, 0 at its left edge and its floor, 1 at its right edge and its top.
const MARGIN = {right: 18, top: 14, bottom: 46}, FONT = "13px sans-serif";
const INK = "#222222", GRID = "#d5d5d5", BLUE = "#0072b2", VERMILION = "#d55e00", ORANGE = "#e69f00";

// What stands left of the plot: its name, turned, and the longest of these labels.
function room(context, ticks) {
  context.font = FONT;
  return 40 + Math.ceil(Math.max(...ticks.map(([, label]) => context.measureText(label).width)));
}

// Where a share of the plot stands, in CSS pixels of the canvas, and which shares a pointer is at.
function placesOf(canvas, ticks) {
  const left = room(canvas.getContext("2d"), ticks), places = {left, size: [0, 0]};
  places.inner = () => [places.size[0] - left - MARGIN.right, places.size[1] - MARGIN.top - MARGIN.bottom];
  places.x = (u) => left + u * places.inner()[0];
  places.y = (v) => MARGIN.top + (1 - v) * places.inner()[1];
  places.at = ({clientX, clientY}) => {
    const box = canvas.getBoundingClientRect(), [wide, high] = places.inner();
    return [clamp((clientX - box.left - left) / wide, 0, 1), clamp(1 - (clientY - box.top - MARGIN.top) / high, 0, 1)];
  };
  return places;
}

// The canvas at this size, white; its context, which counts in CSS pixels.
function blank(canvas, [w, h]) {
  const ratio = window.devicePixelRatio || 1, context = canvas.getContext("2d");
  [canvas.width, canvas.height] = [Math.round(w * ratio), Math.round(h * ratio)];
  Object.assign(canvas.style, {width: `${w}px`, height: `${h}px`});
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, w, h);
  return context;
}

function drawLine(context, ...points) {
  context.beginPath();
  points.forEach(([x, y], k) => k ? context.lineTo(x, y) : context.moveTo(x, y));
  context.stroke();
}

function drawText(context, text, [x, y], align, baseline, look = {}) {
  Object.assign(context, {fillStyle: INK, font: FONT, textAlign: align, textBaseline: baseline, ...look});
  context.fillText(text, x, y);
}

function drawAxes(context, places, {ticks, labels}) {
  const {x, y, size} = places;
  Object.assign(context, {lineWidth: 1, strokeStyle: GRID});
  for (const [u, label] of ticks.x) {
    drawLine(context, [x(u), y(0)], [x(u), y(1)]);
    drawText(context, label, [x(u), y(0) + 6], "center", "top");
  }
  for (const [v, label] of ticks.y) {
    drawLine(context, [x(0), y(v)], [x(1), y(v)]);
    drawText(context, label, [x(0) - 8, y(v)], "right", "middle");
  }
  context.strokeStyle = INK;
  drawLine(context, [x(0), y(1)], [x(0), y(0)], [x(1), y(0)]);
  drawText(context, labels[0], [x(0.5), size[1] - 8], "center", "alphabetic");
  context.save();
  context.translate(15, y(0.5));
  context.rotate(-Math.PI / 2);
  drawText(context, labels[1], [0, 0], "center", "alphabetic");
  context.restore();
}

// heights: one for each column, null where none is: the curve ends there and begins anew.
function drawCurve(context, {x, y, left, inner}, heights, colour, dash) {
  const [wide, high] = inner();
  context.save();                      // what leaves the plot leaves the picture
  context.beginPath();
  context.rect(left - 2, MARGIN.top - 2, wide + 4, high + 4);
  context.clip();
  Object.assign(context, {lineWidth: 3, lineJoin: "round", lineCap: "round", strokeStyle: colour});
  context.setLineDash(dash);
  context.beginPath();
  heights.forEach((v, k) => {
    if (v === null) return;
    const place = [x(k / (heights.length - 1)), y(v)];
    if (k && heights[k - 1] !== null) context.lineTo(...place);
    else context.moveTo(...place);
  });
  context.stroke();
  context.restore();
}

function drawPen(context, [x, y]) {
  Object.assign(context, {fillStyle: ORANGE, strokeStyle: INK, lineWidth: 1.5, lineJoin: "round"});
  context.fillRect(x - 6, y - 6, 12, 12);
  context.strokeRect(x - 6, y - 6, 12, 12);
}
