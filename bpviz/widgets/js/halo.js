// The halos around the quantities of a picture, and who lights them: the pointer, the arrow keys, the rows of the table.
// Where they stand is told with the frame: [names, value, x0, y0, x1, y1, thick], capsules in shares of the picture
// (plots/light.py), drawn here over the picture: the kernel does nothing.
const SLACK = 3, SVG = "http://www.w3.org/2000/svg", MOVED = 5;        // CSS pixels beside a spot that still are in it; of a click at most

// A spot in CSS pixels of a canvas.
function capsuleOf([names, value, ...share], canvas) {
  const w = canvas.clientWidth, h = canvas.clientHeight, [x0, y0, x1, y1, thick] = share;
  return {names: namesIn(names), value, x0: x0 * w, y0: y0 * h, x1: x1 * w, y1: y1 * h, half: thick * h / 2};
}

// How far a point is outside of a capsule; below 0 inside.
function outsideOf({x0, y0, x1, y1, half}, x, y) {
  const dx = x1 - x0, dy = y1 - y0, long = dx * dx + dy * dy;
  const t = long ? clamp(((x - x0) * dx + (y - y0) * dy) / long, 0, 1) : 0;
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy) - half;
}

// The smallest of the capsules that a point is in: a number before the arrow that it lies on.
function capsuleAt(capsules, x, y) {
  const size = ({x0, y0, x1, y1, half}) => (Math.hypot(x1 - x0, y1 - y0) + 2 * half) * half;
  return capsules.filter((one) => outsideOf(one, x, y) <= SLACK).sort((a, b) => size(a) - size(b))[0];
}

// The next capsule from one in the direction of an arrow key: the nearest, where far aside counts double.
function nextOf(capsules, from, [right, up]) {
  const middle = ({x0, y0, x1, y1}) => [(x0 + x1) / 2, (y0 + y1) / 2], [x, y] = middle(from);
  let best, near = Infinity;
  for (const one of capsules) {
    const [u, v] = middle(one), along = (u - x) * right - (v - y) * up, aside = Math.abs((u - x) * up + (v - y) * right);
    if (along > 1 && along + 2 * aside < near) [best, near] = [one, along + 2 * aside];
  }
  return best;
}

function svgShape(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function haloOf({x0, y0, x1, y1, half}, strong) {
  const long = Math.hypot(x1 - x0, y1 - y0), reach = half + 2;
  const shape = {x: -reach, y: -reach, width: long + 2 * reach, height: 2 * reach, rx: Math.min(reach, 8),
    transform: `translate(${x0} ${y0}) rotate(${Math.atan2(y1 - y0, x1 - x0) * 180 / Math.PI})`};
  return ["bpviz-glow", strong ? "bpviz-halo bpviz-strong" : "bpviz-halo"].map((name) => svgShape("rect", {...shape, class: name}));
}

// A mask that leaves out where numbers stand: the halo of an arrow goes around them, not through them.
let holes = 0;
function holeOf(numbers, {clientWidth: width, clientHeight: height}) {
  const boxes = numbers.map(({x0, y0, x1, half}) => ({x: x0 - half, y: y0 - half, width: x1 - x0 + 2 * half, height: 2 * half, fill: "#000"}));
  return svgShape("mask", {id: `bpviz-hole-${holes += 1}`, maskUnits: "userSpaceOnUse", x: 0, y: 0, width, height},
    svgShape("rect", {width, height, fill: "#fff"}), ...boxes.map((box) => svgShape("rect", box)));
}

// The halos of those capsules that are lit, strong where the pointer is.
function litOf(all, lit, here, canvas) {
  const hole = holeOf(all.filter(({value}) => value), canvas);
  return [hole, ...all.filter((one) => one.names.some((name) => lit.has(name))).flatMap((one) => {
    const made = haloOf(one, here && one.x0 === here.x0 && one.y0 === here.y0);
    return one.value ? made : [svgShape("g", {mask: `url(#${hole.id})`}, ...made)];
  })];
}

// The rows of a table whose first cell names a quantity: pointed at, walked with the arrow keys, opened.
function rowsOf(table, known, light, open) {
  const namesOf = (row) => {
    const name = row.cells.length && row.cells[0].textContent;
    return [name, `dL/d${name}`].filter((each) => known().has(each));
  };
  const rows = () => [...table.querySelectorAll("tbody tr")].filter((row) => namesOf(row).length);
  const rowAt = ({target}) => { const row = target.closest("tbody tr"); return row && namesOf(row).length ? row : undefined; };
  const on = (name, action) => table.addEventListener(name, (event) => { const row = rowAt(event); if (row) action(row, event); });
  on("pointerover", (row) => light(namesOf(row)));
  on("focusin", (row) => light(namesOf(row)));
  on("pointerout", () => light([]));
  on("focusout", () => light([]));
  on("click", (row) => open(namesOf(row)));
  on("keydown", (row, event) => {
    const all = rows(), to = all[all.indexOf(row) + {ArrowDown: 1, ArrowUp: -1}[event.key]];
    if (to) to.focus();
    if (event.key === "Enter") open(namesOf(row));
    if (to || event.key === "Enter") event.preventDefault();
  });
  const show = (lit) => rows().forEach((row, k) => {
    if (row.tabIndex < 0) row.tabIndex = k ? -1 : 0;
    row.classList.toggle("bpviz-lit", namesOf(row).some((name) => lit.has(name)));
  });
  return {show};
}

// What lights a spot of the canvas, and opens it.  lamp: {capsules, here, light, step, open}.
function pointerAtSpots(panel, canvas, lamp) {
  let pressed;
  const on = (name, action) => canvas.addEventListener(name, action);
  const at = ({clientX, clientY}) => {
    const box = canvas.getBoundingClientRect();
    return capsuleAt(lamp.capsules(), clientX - box.left, clientY - box.top);
  };
  on("pointermove", (event) => {
    if (!(panel.last.lights || []).length || event.buttons) return;
    const spot = at(event), key = (one) => one && [one.x0, one.y0, ...one.names].join();
    if (key(spot) !== key(lamp.here())) lamp.light(spot);
    if (spot && canvas.style.cursor === "default") canvas.style.cursor = "pointer";
  });
  on("pointerleave", () => lamp.light());
  on("blur", () => lamp.light());
  on("pointerdown", ({clientX, clientY}) => { pressed = [clientX, clientY]; });
  on("click", (event) => {
    const spot = at(event);
    if (spot && pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < MOVED) lamp.open(spot);
  });
  on("keydown", (event) => {
    if (!(panel.last.lights || []).length || keysIn(panel) || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = STEPS[event.key];
    if (way) lamp.step(way);
    else if (event.key === "Enter" && lamp.here()) lamp.open(lamp.here());
    else if (event.key === "Escape" && lamp.here()) lamp.light();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

// parts: of the view.  open(names): what a click on a quantity does.
function halosOf(panel, parts, open) {
  const {canvas, stage, table, spoken} = parts, lights = lightsOfPage(), svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "bpviz-halos");
  svg.setAttribute("aria-hidden", "true");
  stage.append(svg);
  let told, tabled, names = new Set(), lit = new Set(), here;
  const capsules = () => (panel.last.lights || []).map((spot) => capsuleOf(spot, canvas));
  const rows = rowsOf(table, () => names, lights.light, open);

  function light(spot) {
    const before = here;
    here = spot;
    if (spot || before) lights.light(spot ? spot.names : []);
  }
  const draw = () => svg.replaceChildren(...(lit.size ? litOf(capsules(), lit, here, canvas) : []));
  // Number by number, with the keys; what is reached is said.
  function step(way) {
    const all = capsules();
    light((here && nextOf(all, here, way)) || here || [...all].sort((a, b) => a.x0 - b.x0 || a.y0 - b.y0)[0]);
    const {value} = [here, ...all].find((one) => one.value && one.names[0] === here.names[0]) || here;
    spoken.textContent = `${here.names.join(", ")} ${value}`.trim();
  }
  pointerAtSpots(panel, canvas, {capsules, here: () => here, light, step, open: (spot) => open(spot.names)});
  const leave = lights.join({names: () => names, show: (now) => {
    lit = now;
    draw();
    rows.show(lit);
  }});

  function show() {
    const {last} = panel;
    if (last.lights && last.lights !== told) {
      told = last.lights;
      const before = [...names].join();
      names = new Set(told.flatMap(([each]) => namesIn(each)));
      if (names.size && !keysIn(panel)) canvas.setAttribute("role", "application");
      if ([...names].join() !== before) lights.soon();
    }
    if (svg.childElementCount || lit.size) draw();
    if (last.table !== tabled && names.size) rows.show(lit);
    tabled = last.table;
  }
  return {show, stop: leave};
}
