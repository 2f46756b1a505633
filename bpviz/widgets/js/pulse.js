// The pulse: dots that run once where the number in work runs, told with the frame (plots/pulse.py). The kernel draws none
// of it. It pauses and goes on with Play, takes `beat` milliseconds, and is off for whoever asks for less motion.
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");

function pulseOf(panel, stage) {
  const layer = element("div", {class: "bpviz-pulse", "aria-hidden": "true"});
  let dots = [], shown, wanted = true;
  stage.append(layer);

  function clear() {
    for (const {dot, run} of dots) {
      run.cancel();
      dot.remove();
    }
    dots = [];
  }

  // One dot along [x0, y0, x1, y1], shares of the picture; where it goes nowhere, a ring that opens.
  function dotOf([x0, y0, x1, y1], beat, canvas) {
    const dot = element("div", {class: "bpviz-dot"}), still = x0 === x1 && y0 === y1;
    const [w, h] = [canvas.clientWidth, canvas.clientHeight];
    const at = (x, y, size) => `translate(${x * w}px, ${y * h}px) scale(${size})`;
    layer.append(dot);
    const frames = still ? [{transform: at(x0, y0, 3), opacity: 0.9}, {transform: at(x0, y0, 5), opacity: 0}]
      : [{transform: at(x0, y0, 1), opacity: 0.9}, {transform: at(x1, y1, 1), opacity: 0.9, offset: 0.9}, {transform: at(x1, y1, 1), opacity: 0}];
    return {dot, run: dot.animate(frames, {duration: 0.8 * beat, easing: "ease-in-out", fill: "both"})};
  }

  function show(tracks, canvas, beat) {
    const told = JSON.stringify(tracks || []);
    if (told === shown) return;
    shown = told;
    clear();
    if (wanted && !CALM.matches) dots = (tracks || []).map((track) => dotOf(track, beat, canvas));
  }

  // on: whether it runs at all from now on
  const want = (on) => {
    wanted = on;
    if (!on) clear();
  };
  const hold = (still) => dots.forEach(({run}) => run.playState !== "finished" && (still ? run.pause() : run.play()));
  CALM.addEventListener("change", clear);
  return {show, want, hold, stop: () => { clear(); CALM.removeEventListener("change", clear); }};
}
