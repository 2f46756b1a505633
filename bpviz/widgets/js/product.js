// The window of products: what a gradient was made of, from the loss on. Each slope is a sum of terms, a slope found before
// times a factor; a factor can be dragged, and everything after it follows: a what-if, of which the panel knows nothing.
// A slope on the way opens into its own products, with a way back. The numbers come with the frame, in full precision
// (symbolic/products.py).
const TURN = 0.01, MOST_ROADS = 8;                    // how far a factor of 1 moves with each CSS pixel; roads that are written out
const SLIM = 520, BELOW = 240, RIM = 4;               // CSS pixels: where a number stands above its terms; the least height below; the rim

const RAISED = [..."⁰¹²³⁴⁵⁶⁷⁸⁹"];

// A number as base/written.py writes it: with a true minus, and powers of ten.
function written(text) {
  const [mantissa, power] = text.replace(/^-/, "−").split("e");
  if (power === undefined) return mantissa;
  const raised = `10${power < 0 ? "⁻" : ""}${[...String(Math.abs(power))].map((digit) => RAISED[digit]).join("")}`;
  return /^−?1$/.test(mantissa) ? mantissa.replace("1", raised) : `${mantissa} × ${raised}`;
}

// Four figures of it: without a power from a ten thousandth to ten thousand.
function figures(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "?";
  const [mantissa, power] = value.toExponential(3).split("e");
  return written(power >= -4 && power < 4 || !power ? String(Number(value.toPrecision(4))) : `${Number(mantissa)}e${Number(power)}`);
}

// The key of the factor of one term, which is its place: two factors with the same letters are two factors.
const factorKey = (slope, k) => `${slope} ${k}`;

// Every slope by its terms. told: {terms: {slope: [[before, letters, names, value], ...]}, ...}.  set: {key: value} of what-ifs.
function slopesOf({terms}, set = {}) {
  const found = {}, value = (slope, k, own) => set[factorKey(slope, k)] ?? own;
  for (const [slope, all] of Object.entries(terms)) {
    found[slope] = all.reduce((sum, [before, , , own], k) => sum + (before ? found[before] : 1) * (value(slope, k, own) ?? NaN), 0);
  }
  return found;
}

// The lines that make a slope, itself first, then what it needs, down to the loss.
function linesOf({terms}, slope) {
  const need = new Set([slope]);
  for (const each of Object.keys(terms).reverse()) if (need.has(each)) for (const [before] of terms[each]) if (before) need.add(before);
  return Object.keys(terms).reverse().filter((each) => need.has(each));
}

// The product along each road from the loss to a slope: [[names of the places, product], ...].
function roadsOf({terms}, slope, set = {}) {
  return terms[slope].flatMap(([before, , , own], k) => {
    const factor = set[factorKey(slope, k)] ?? own ?? NaN;
    return (before ? roadsOf({terms}, before, set) : [[[], 1]]).map(([places, product]) => [[...places, slope], product * factor]);
  });
}

const roadCount = ({terms}, slope) => terms[slope].reduce((sum, [before]) => sum + (before ? roadCount({terms}, before) : 1), 0);

// What is said below: the roads, and the rows that this one is among.
function sumsOf(told, slope, set) {
  const now = slopesOf(told, set)[slope], lines = [], many = roadCount(told, slope), rows = told.rows[slope];
  if (many > 1) {
    const roads = many > MOST_ROADS ? [] : roadsOf(told, slope, set).map(([, product]) => figures(product));
    lines.push(roads.length ? `${many} roads from the loss: ${roads.join(" + ").replaceAll("+ −", "− ")} = ${figures(now)}`
      : `${many} roads from the loss, added up: ${figures(now)}`);
  }
  if (rows && rows.length > 1) {
    const all = rows.map((own, k) => k === told.row ? now : own), how = told.divisor === 1 ? "sum" : "mean";
    lines.push(`This is row ${told.row + 1}. The ${how} of all ${rows.length} rows: ${figures(all.reduce((a, b) => a + b, 0) / told.divisor)}`);
  }
  return lines;
}

// A number that is dragged, or moved with the arrow keys: a slider of its own kind.
function dragged(label, names, get, put) {
  const box = element("span", {class: "bpviz-factor", role: "slider", tabindex: "0", "aria-label": label, "data-quantity": names});
  const each = () => Math.max(Math.abs(get()), 0.05) * TURN;
  let held;
  box.addEventListener("pointerdown", (event) => {
    held = {x: event.clientX, value: get(), each: each()};
    box.setPointerCapture(event.pointerId);
    event.preventDefault();
    box.focus();
  });
  box.addEventListener("pointermove", (event) => { if (held) put(held.value + (event.clientX - held.x) * held.each); });
  for (const name of ["pointerup", "pointercancel"]) box.addEventListener(name, () => { held = undefined; });
  box.addEventListener("keydown", (event) => {
    const way = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1}[event.key];
    if (!way) return;
    event.preventDefault();
    put(get() + way * 5 * each() * (event.shiftKey ? 10 : 1));
  });
  const show = (changed) => {
    box.textContent = figures(get());
    box.setAttribute("aria-valuenow", String(get()));
    box.setAttribute("aria-valuetext", figures(get()));
    box.title = written(String(get()));
    box.classList.toggle("bpviz-changed", changed);
  };
  return {box, show};
}

// A slope before, with its number of now; a click opens its own products.
function passedOn(before, what) {
  const box = element("button", {class: "bpviz-passed", type: "button", "data-quantity": before});
  box.addEventListener("click", () => what.go(before));
  return {box, show: (found) => { box.textContent = `${before} ${figures(found[before])}`; }};
}

// One line of the window: slope = before × factor + ... = number.
function productLine(told, slope, what) {
  const own = element("output", {class: "bpviz-product"}), terms = element("span", {class: "bpviz-terms"}), shows = [];
  const line = element("div", {class: "bpviz-line"}, element("span", {class: "bpviz-name", "data-quantity": slope}, slope), element("span", {class: "bpviz-is"}, "="), terms, own);
  told.terms[slope].forEach(([before, letters, names, value], k) => {
    const key = factorKey(slope, k), get = () => what.set[key] ?? value ?? NaN;
    const number = dragged(`${letters} in ${slope}`, names, get, (to) => what.put(key, to));
    const term = element("span", {class: "bpviz-term"}, k ? "+ " : "");
    if (before) {
      const passed = passedOn(before, what);
      term.append(passed.box, " × ");
      shows.push(passed.show);
    }
    term.append(element("span", {"data-quantity": names}, letters), " ", number.box);
    terms.append(term, " ");
    shows.push(() => number.show(key in what.set));
  });
  shows.push((found) => { own.textContent = `= ${figures(found[slope])}`; });
  return {line, show: (found) => shows.forEach((show) => show(found))};
}

function windowParts() {
  const title = element("strong"), note = element("p", {class: "bpviz-whatif", role: "status"}), lines = element("div");
  const sums = element("div", {class: "bpviz-sums"}), bar = element("div", {class: "bpviz-bar"}, title);
  const box = element("div", {class: "bpviz-window", role: "dialog", "aria-label": "what this gradient is made of", tabindex: "-1"}, bar, note, lines, sums);
  box.hidden = true;
  return {title, note, lines, sums, bar, box};
}

// What the window says above the lines, and below them.
function productWords({title, note, box, sums}, told, slope, set) {
  const found = slopesOf(told, set), real = slopesOf(told)[slope], changed = Object.keys(set).length > 0;
  title.textContent = `${slope} = ${figures(found[slope])}`;
  note.textContent = changed ? `What if: ${slope} would be ${figures(found[slope])}; it is ${figures(real)}. The network is as it was.`
    : "Drag a factor, or move it with the arrow keys: what if it were another number?";
  box.classList.toggle("bpviz-if", changed);
  sums.replaceChildren(...sumsOf(told, slope, set).map((line) => element("p", {}, line)));
  return found;
}

// Where a window stands in a stage of this size so that it covers nothing of the drawing it is about: beside it or below,
// where there is more room; below, it may reach over the picture's lower edge.
function windowPlace([, , right, bottom], wide, high) {
  const [x, y] = [wide * right + RIM, high * bottom + RIM], beside = wide - RIM - x, below = high - RIM - y;
  if (beside * (high - 2 * RIM) > below * (wide - 2 * RIM)) return {left: x, top: RIM, width: beside, most: high - 2 * RIM};
  return {left: RIM, top: y, width: wide - 2 * RIM, most: Math.max(below, BELOW)};
}

function placeWindow(box, stage, about) {
  const {left, top, width, most} = windowPlace(about || [0, 0, 0, 0], stage.clientWidth, stage.clientHeight);
  box.classList.toggle("bpviz-slim", width < SLIM);
  Object.assign(box.style, {left: `${left}px`, top: `${top}px`, width: `${width}px`, maxHeight: `${most}px`});
}

// What stands in the window: the products of one slope, its what-ifs, and the way back.  now: {slope, told, set, way}.
function productBody(parts) {
  const {lines, bar, box} = parts, now = {set: {}, way: []};
  const what = {get set() { return now.set; }, put: (key, value) => { now.set[key] = value; show(); }, go: (to) => go(to)};
  const reset = button("As it is", () => { now.set = {}; show(); }), back = button("Back", () => go(now.way.pop(), true));
  let made = [];
  bar.append(back, reset);

  // On to another slope, the what-ifs kept; backwards: to the one before.
  function go(to, backwards) {
    if (!to || to === now.slope) return;
    if (!backwards) now.way.push(now.slope);
    now.slope = to;
    lay();
    box.focus({preventScroll: true});
  }
  function lay() {
    back.hidden = !now.way.length;
    box.scrollTop = 0;
    made = linesOf(now.told, now.slope).map((each) => productLine(now.told, each, what));
    lines.replaceChildren(...made.map(({line}) => line));
    lightsOfPage().look();
    show();
  }
  function show() {
    const found = productWords(parts, now.told, now.slope, now.set);
    made.forEach((one) => one.show(found));
    reset.setAttribute("aria-disabled", String(!Object.keys(now.set).length));
  }
  // Afresh, with the numbers of a frame.
  function build(told) {
    Object.assign(now, {told, set: {}, way: now.way.filter((each) => each in told.terms)});
    lay();
  }
  return {now, build};
}

function productWindow(panel, stage) {
  const parts = windowParts(), {box} = parts, {now, build} = productBody(parts);
  let from;
  parts.bar.append(button("Close", shut));
  stage.append(box);

  function shut() {
    const inside = box.contains(document.activeElement);
    box.hidden = true;
    now.slope = undefined;
    if (inside && from && from.isConnected) from.focus();
  }
  // The first of these names that is a gradient, if any is.
  function open(names) {
    const {products, about} = panel.last, found = names.find((name) => products && name in products.terms);
    if (!found) return;
    if (box.hidden) from = document.activeElement;
    Object.assign(now, {slope: found, way: []});
    box.hidden = false;
    placeWindow(box, stage, about);
    build(products);
    box.focus({preventScroll: true});
  }
  // A new frame: where the numbers are others, what-ifs are over.
  function renew() {
    const {products, about} = panel.last;
    if (!now.slope) return;
    placeWindow(box, stage, about);
    if (products === now.told || JSON.stringify(products) === JSON.stringify(now.told)) return;      // told again, for another size
    if (products && now.slope in products.terms) build(products);
    else shut();
  }
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") shut();
  });
  return {open, renew};
}
