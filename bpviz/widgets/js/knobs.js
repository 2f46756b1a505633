// The sliders and the numbers beside them, watched here, in the browser; their values are sent from here (flow.js).
//
// A slider can only stand on its steps, and writes that place back even when it was merely told where to stand. So the
// number beside it holds the value, and the slider moves the number only when it stands on another step than the number's.
const SETTLE = 500;                                   // milliseconds without a move, after which it counts as at rest

// JSON has no infinity: what is no number travels as its name, and is refused by that
const spelt = (value) => typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
const onStep = (value, step) => Number((Math.round(value / step) * step).toFixed(10));

const facts = (panel, name) => panel.model.get("knobs")[name];

// What is under way at the knobs. unsaved: knobs put here and not told to the kernel's widgets, with their values;
// saving: the timer for that.  putting, taking, telling: who is changing a value just now.  together: several are moved.
const hands = () => ({unsaved: new Map(), saving: null, putting: false, taking: false, telling: false, together: false});

// The value that a knob takes for one from the pointer or its slider: whole, of so many digits, or a multiple of its step.
function tidy(panel, name, value) {
  const {digits} = facts(panel, name);
  if (digits === 0) return Math.round(value);
  return digits ? Number(value.toPrecision(digits)) : onStep(value, panel.sliders[name].get("step"));
}

function slid(panel, hand, name) {
  if (hand.telling) return;
  const {log} = facts(panel, name), s = panel.sliders[name], step = s.get("step");
  const place = log ? Math.log10 : (value) => value, value = s.get("value");
  if (Math.abs(place(value) - place(panel.numbers[name].get("value"))) < 0.51 * step) return;
  put(panel, hand, name, tidy(panel, name, value));
}

function put(panel, hand, name, value) {
  const {low, log} = facts(panel, name), max = panel.sliders[name].get("max");
  const high = log ? Number((10 ** max).toPrecision(12)) : max;        // one in powers of ten says the power
  hand.putting = true;
  panel.numbers[name].set("value", Math.min(high, Math.max(low, value)));
  hand.putting = false;
  later(panel, hand, name);              // the kernel knows the value from `ask`; its widget may learn it later
}

function later(panel, hand, name) {
  hand.unsaved.set(name, panel.numbers[name].get("value"));
  clearTimeout(hand.saving);
  hand.saving = setTimeout(() => save(panel, hand), SETTLE);
}

// Only values put here, as they are now. (save_changes would also bring back a value that was put
// here and that the kernel has changed since, by a menu or Reset: the model keeps it as unsaved.)
function save({numbers, alive}, {unsaved}) {
  if (alive()) for (const name of unsaved.keys()) numbers[name].save({value: numbers[name].get("value")}, {patch: true});
  unsaved.clear();
}

function typed(panel, hand, name) {
  const number = panel.numbers[name];
  if (number._state_lock && hand.unsaved.has(name)) {       // the kernel's echo of an older value, late: the newer stays
    hand.putting = true;
    number.set("value", hand.unsaved.get(name));
    hand.putting = false;
    return;
  }
  if (!hand.putting) hand.unsaved.delete(name);
  hand.telling = true;
  panel.sliders[name].set("value", number.get("value"));
  hand.telling = false;
  if (hand.taking || number._state_lock) return;                       // what the kernel set, it knows
  carry(panel, hand, name);
  if (!hand.together) panel.flow.ask();
}

// The knobs that this one sets whenever it moves.
function carry(panel, hand, name) {
  hand.taking = true;
  for (const [other, value] of Object.entries(facts(panel, name).sets)) put(panel, hand, other, value);
  hand.taking = false;
}

// The kernel moved knobs, all at once (a menu, Reset, a state). Its own widgets would not tell: they do not
// know yet what was put here since, and a value that is no change to them sends no message. What was put here may
// even be on its way to them, and come back as an echo: so they are told of a knob that moves, after that.
function take(panel, hand, knobs) {
  hand.taking = true;
  for (const [name, value] of Object.entries(knobs)) {
    const s = panel.sliders[name], moves = panel.numbers[name].get("value") !== value;
    const reach = facts(panel, name).log ? Math.log10(value) : value;
    if (reach > s.get("max")) s.set("max", reach);
    panel.numbers[name].set("value", value);
    if (moves) later(panel, hand, name);
  }
  hand.taking = false;
}

// Values that the kernel refused give way to the last good ones, unless newer ones have been put here since.
function takeBack(panel, hand, knobs) {
  const still = Object.entries(knobs).filter(([name, [value]]) =>
    panel.numbers[name] && spelt(panel.numbers[name].get("value")) === value);
  take(panel, hand, Object.fromEntries(still.map(([name, [, good]]) => [name, good])));
}

// Listens to the widgets of all knobs; `undo` gathers how to stop that.
async function listen(panel, hand, undo) {
  const {model, sliders, numbers} = panel;
  const find = (reference) => model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
  for (const name of Object.keys(model.get("sliders"))) {
    const s = sliders[name] = await find(model.get("sliders")[name]);
    const n = numbers[name] = await find(model.get("numbers")[name]);
    s.save_changes = () => {};      // where a slider stands is the browser's own business: no message for it
    for (const [m, listener] of [[s, () => slid(panel, hand, name)], [n, () => typed(panel, hand, name)]]) {
      m.on("change:value", listener);
      undo.push(() => m.off("change:value", listener));
    }
    undo.push(() => { delete s.save_changes; });
  }
}

function knobsOf(panel) {
  const {numbers, sliders, model} = panel, hand = hands(), undo = [];
  const value = (name) => numbers[name].get("value"), set = (name, to) => put(panel, hand, name, to);
  return {
    value,
    values: () => Object.fromEntries(Object.keys(numbers).map((name) => [name, spelt(value(name))])),
    put: set,
    // these knobs, to where the pointer is
    move(names, ...to) {                    // one move, one frame, however many knobs
      const before = names.map(value);
      hand.together = true;
      names.forEach((name, k) => set(name, tidy(panel, name, to[k])));
      hand.together = false;
      if (names.some((name, k) => value(name) !== before[k])) panel.flow.ask();
    },
    take: (knobs) => take(panel, hand, knobs),
    takeBack: (knobs) => takeBack(panel, hand, knobs),
    listen: () => listen(panel, hand, undo),
    stop: () => {
      clearTimeout(hand.saving);
      undo.forEach((off) => off());
    },
  };
}

// Sliders have no name of their own for a screen reader, and one in powers of ten tells the power: so each handle is given
// its slider's label and, whenever the slider has told where it stands, the value of its number.
function nameHandles(panel) {
  const {sliders, numbers} = panel;
  for (const [name, s] of Object.entries(sliders)) {
    const says = () => `${reached(panel, name)}${atEnd(panel, name) ? ", the end" : ""}`;
    for (const promise of Object.values(s.views || {})) promise.then((view) => named(view, s, numbers[name], says));
  }
}

// The knob that plays may stand beyond the end of its path, to stay at the end of longer ones too: what is drawn then is
// the end, so that is what its number shows.
const atEnd = ({model, numbers, last}, name) => name === model.get("plays") && last.until > 0 && numbers[name].get("value") >= last.until;
const reached = (panel, name) => atEnd(panel, name) ? panel.last.until : panel.numbers[name].get("value");

function showReached(panel) {
  const name = panel.model.get("plays"), number = panel.numbers[name];
  for (const promise of Object.values((number && number.views) || {})) promise.then(({el}) => {
    const field = el.querySelector("input"), ends = atEnd(panel, name);
    el.classList.toggle("bpviz-at-end", ends);
    if (!field || (field === document.activeElement && Number(field.value) !== number.get("value"))) return;      // being typed
    const text = String(reached(panel, name));
    if (field.value !== text) field.value = text;
  });
}

function named(view, slider, number, says) {
  const target = view.el.querySelector(".noUi-target"), handle = view.el.querySelector(".noUi-handle");
  if (!handle) return;
  const tell = () => {
    const value = says();
    if (handle.getAttribute("aria-valuetext") !== value) handle.setAttribute("aria-valuetext", value);
  };
  handle.setAttribute("aria-label", slider.get("description"));
  tell();
  if (target.dataset.told) return;
  target.dataset.told = "1";
  new MutationObserver(tell).observe(handle, {attributeFilter: ["aria-valuetext", "aria-valuenow"]});
  view.listenTo(number, "change:value", tell);
}
