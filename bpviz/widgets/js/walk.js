// Back, Step, Play: the buttons that move one knob by itself, and those that jump to its marks.
const BEAT = 1200;                                    // milliseconds between two steps of Play

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
  const place = () => knobs.value(name), end = () => panel.sliders[name].get("max"), go = (to) => knobs.put(name, to);

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
    playing = setInterval(() => place() < end() ? go(place() + 1) : pause(), BEAT);
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
