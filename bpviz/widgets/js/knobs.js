// The sliders and the numbers beside them, watched here, in the browser; their values are sent from here (flow.js).
//
// A slider can only stand on its steps, and writes that place back even when it was merely told where to stand. So the
// number beside it holds the value, and the slider moves the number only when it stands on another step than the number's.
const SETTLE = 500;                                   // milliseconds without a move, after which it counts as at rest

// JSON has no infinity: what is no number travels as its name, and is refused by that
const spelt = (value) => typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
const onStep = (value, step) => Number((Math.round(value / step) * step).toFixed(10));

function knobsOf(panel) {
  const {sliders, numbers} = panel, undo = [];
  const unsaved = new Map();                          // knobs put here and not told to the kernel's widgets: their values
  let saving, telling = false, putting = false, taking = false;
  const facts = (name) => panel.model.get("knobs")[name];
  const values = () => Object.fromEntries(Object.entries(numbers).map(([k, n]) => [k, spelt(n.get("value"))]));

  function slid(name) {
    if (telling) return;
    const {log, digits} = facts(name), s = sliders[name], step = s.get("step");
    const place = log ? Math.log10 : (value) => value, value = s.get("value");
    if (Math.abs(place(value) - place(numbers[name].get("value"))) < 0.51 * step) return;
    put(name, digits === 0 ? Math.round(value) : digits ? Number(value.toPrecision(digits)) : onStep(value, step));
  }

  function put(name, value) {
    const {low, log, high: most} = facts(name), high = log ? most : sliders[name].get("max");
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
    if (panel.alive()) {
      for (const name of unsaved.keys()) numbers[name].save({value: numbers[name].get("value")}, {patch: true});
    }
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
    if (!taking && !numbers[name]._state_lock) panel.flow.ask();           // what the kernel set, it knows
  }

  // The kernel moved knobs, all at once (a menu, Reset, a state). Its own widgets would not tell: they do not
  // know yet what was put here since, and a value that is no change to them sends no message.
  function take(knobs) {
    taking = true;
    for (const [name, value] of Object.entries(knobs)) {
      const s = sliders[name];
      unsaved.delete(name);
      if (!facts(name).log && value > s.get("max")) s.set("max", value);
      numbers[name].set("value", value);
    }
    taking = false;
  }

  // Values that the kernel refused give way to the last good ones, unless newer ones have been put here since.
  function takeBack(knobs) {
    const still = Object.entries(knobs).filter(([name, [value]]) => numbers[name] && spelt(numbers[name].get("value")) === value);
    take(Object.fromEntries(still.map(([name, [, good]]) => [name, good])));
  }

  // Move the two knobs of the handle to a point in the coordinates of the axes.
  function move(...point) {
    panel.model.get("handle").forEach((name, k) => put(name, onStep(point[k], sliders[name].get("step"))));
  }

  async function listen() {
    const find = (reference) => panel.model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
    for (const name of Object.keys(panel.model.get("sliders"))) {
      const s = sliders[name] = await find(panel.model.get("sliders")[name]);
      const n = numbers[name] = await find(panel.model.get("numbers")[name]);
      s.save_changes = () => {};      // where a slider stands is the browser's own business: no message for it
      for (const [m, listener] of [[s, () => slid(name)], [n, () => typed(name)]]) {
        m.on("change:value", listener);
        undo.push(() => m.off("change:value", listener));
      }
      undo.push(() => { delete s.save_changes; });
    }
  }

  function stop() {
    clearTimeout(saving);
    undo.forEach((off) => off());
  }

  return {values, put, take, takeBack, move, listen, stop, value: (name) => numbers[name].get("value")};
}

// Sliders have no name of their own for a screen reader: give each handle its slider's label.
function nameHandles(sliders) {
  for (const s of Object.values(sliders)) {
    for (const promise of Object.values(s.views || {})) {
      promise.then((view) => view.el.querySelectorAll(".noUi-handle").forEach(
        (handle) => handle.setAttribute("aria-label", s.get("description"))));
    }
  }
}
