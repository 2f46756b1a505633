// Back, Step, Play: the buttons that move one knob by itself, and those that jump to its marks.
const BEAT = 1200, QUICK = 120, STRIDE = 1.1;         // milliseconds between two steps of Play; on a slider in powers of ten, by STRIDE

function button(text, action) {
  const b = element("button", {class: "bpviz-button", type: "button"}, text);
  b.addEventListener("click", action);
  b.addEventListener("keydown", (event) => event.stopPropagation());
  return b;
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

  function pause() {
    clearInterval(playing);
    playing = null;
    play.textContent = model.get("play");
  }
  const to = (where) => () => { pause(); go(where()); };
  const play = button(model.get("play"), () => {
    if (playing) return pause();
    if (place() >= end()) go(model.get("knobs")[name].low);
    play.textContent = "Pause";
    playing = setInterval(() => place() < end() ? go(next()) : pause(), log ? QUICK : BEAT);
  });
  if (name) row.append(button("Back", to(() => place() - 1)), button("Step", to(() => place() + 1)), play, phases);

  // marks: [[label, place], ...], or nothing to say about them
  function marks(list) {
    if (!list || marked === JSON.stringify(list)) return;
    marked = JSON.stringify(list);
    phases.replaceChildren(...list.map(([label, where]) => button(label, to(() => where))));
  }

  return {row, marks, stop: pause};
}
