// Back, Step, Play: the buttons that move one knob by itself, and those that jump to its marks.
const BEAT = 1200, QUICK = 120, STRIDE = 1.1;         // milliseconds between two steps of Play; on a slider in powers of ten, by STRIDE

const PACES = {slow: 2.5, normal: 1, fast: 0.5};

// What is pressed in a part of the panel is no shortcut of the notebook, but for what runs the cell.
function ownKeys(event) {
  if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey || event.altKey)) event.stopPropagation();
}

function button(text, action) {
  const b = element("button", {class: "bpviz-button", type: "button"}, text);
  b.addEventListener("click", action);
  b.addEventListener("keydown", ownKeys);
  return b;
}

// How fast Play goes, and whether the pulse runs; pulse: filled in by the view that has a picture.
function paceOf(normal) {
  const pace = element("select", {class: "bpviz-pace", "aria-label": "speed of Play"},
    ...Object.keys(PACES).map((name) => element("option", {value: name}, name)));
  const beats = element("input", {type: "checkbox"}), pulsing = element("label", {class: "bpviz-pulsing"}, beats, "pulse");
  const pulse = {beat: () => normal * PACES[pace.value], want: () => {}, hold: () => {}};
  pace.value = "normal";
  beats.checked = true;
  pulsing.style.display = "none";
  for (const part of [pace, beats]) part.addEventListener("keydown", ownKeys);
  beats.addEventListener("change", () => pulse.want(beats.checked));
  const offer = () => { pulsing.style.display = CALM.matches ? "none" : ""; };       // where there is one
  return {pace, pulsing, pulse, offer};
}

function walkOf(panel) {
  const {model, knobs} = panel, name = model.get("plays");
  const row = element("div", {class: "bpviz-walk", role: "group", "aria-label": "walk"});
  const phases = element("span", {class: "bpviz-phases"});
  let playing = null, marked;
  const {log, high} = model.get("knobs")[name] || {}, until = () => panel.last.until || Infinity;
  const end = () => Math.min(log ? high : panel.sliders[name].get("max"), until()), go = (to) => knobs.put(name, to);
  const place = () => Math.min(knobs.value(name), end());
  const next = () => log ? Math.min(end(), Math.max(place() + 1, Math.round(place() * STRIDE))) : place() + 1;

  const {pace, pulsing, pulse, offer} = paceOf(log ? QUICK : BEAT);

  function pause() {
    clearTimeout(playing);
    if (playing) pulse.hold(true);
    playing = null;
    play.textContent = model.get("play");
  }
  function onward() {
    if (place() >= end()) return pause();
    go(next());
    playing = setTimeout(onward, pulse.beat());
  }
  const to = (where) => () => { pause(); go(where()); };
  const play = button(model.get("play"), () => {
    if (playing) return pause();
    if (place() >= end()) go(model.get("knobs")[name].low);
    play.textContent = "Pause";
    pulse.hold(false);
    playing = setTimeout(onward, pulse.beat());
  });
  if (name) row.append(button("Back", to(() => place() - 1)), button("Step", to(() => place() + 1)), play, pace, pulsing, phases);

  // marks: [[label, place], ...], or nothing to say about them
  function marks(list) {
    if (!list || marked === JSON.stringify(list)) return;
    marked = JSON.stringify(list);
    phases.replaceChildren(...list.map(([label, where]) => button(label, to(() => where))));
  }

  return {row, marks, stop: pause, pulse, offer};
}
