"""How long a learner waits: slider and drag in a real JupyterLab and Chromium, against the naive way and the floor.

    .venv/bin/python benchmarks/latency.py            prints the table, and writes it into benchmarks/README.md

One JupyterLab, one kernel, one notebook with three cells, measured in interleaved rounds:
  naive  ipywidgets `interact`, the same picture, words and table made inline at every step (the
         surface and the critical points are kept, as in ours)
  ours   bp.explore.minima: by slider, and by dragging the start in the plot
  floor  an anywidget with the same flow control that is answered at once with nothing

JupyterLab runs as `run.py lab` starts it; with --plain as it comes (packets held back, see bpviz/server.py).

A *step* is one change of one value: from the moment it is made in the browser until the page shows
its answer (for ours: until the frame that carries this value is painted; for naive: until the new
image is in the page; two animation frames are not waited for, in any of them). A *drag* moves a
value on every animation frame for DRAG_S seconds; frames are those painted until the end of it, and
*settle* is the time from its last change until the frame with that last value is painted.
"""
import argparse
import platform
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "browser"))
from lab import LAB, Notebook, browser, chromium, jupyterlab, wait  # noqa: E402

ROUNDS, STEPS, DRAG_S, UPDATES = 7, 30, 2.0, 2000

NAIVE = """
%matplotlib inline
import ipywidgets as W, bpviz as bp
from IPython.display import HTML, display
from bpviz.base.work import Memory, finished
from bpviz.explorers.minima import EXPLORER
from bpviz.plots.style import style
from bpviz.widgets.words import said_html
values = EXPLORER.values()
scene, _ = EXPLORER.finish(values)              # surface and critical points are found once, as in ours

def naive(w1=1.0):
    result = finished(EXPLORER.compute(scene, {**values, "w1": w1}, Memory()))
    with style():
        figure, drawing = EXPLORER.picture(scene, 940)
        drawing.update(result)
        display(figure)
        display(HTML(said_html(EXPLORER.words(result), EXPLORER.table(result))))

slider = W.FloatSlider(value=1.0, min=-6, max=6, step=0.01, description="w1", continuous_update=True)
W.interact(naive, w1=slider);
"""
OURS = """
panel = bp.explore.minima()
panel
"""
WALK = """
walk = bp.explore.backprop()
walk
"""
FLOOR = '''
import anywidget, traitlets
class Floor(anywidget.AnyWidget):
    _esm = """
    export default () => {
      let model, n = 0, waiting = null; const underWay = new Map();
      const ask = (value) => {
        if (underWay.size >= 3) { waiting = value; return; }
        waiting = null; underWay.set(++n, value); model.send({n, value});
      };
      return {
        initialize(c) { model = c.model; model.on("msg:custom", (m) => {
          underWay.delete(m.n); window.floorShown = m.value; window.floorFrames = (window.floorFrames || 0) + 1; window.floorWake && window.floorWake();
          if (waiting !== null) ask(waiting); }); window.floorAsk = ask; },
        render({el}) { el.innerHTML = "<div class='floor'>floor</div>"; },
      };
    };
    """
floor = Floor()
floor.on_msg(lambda w, m, b: w.send({"n": m["n"], "value": m["value"]}))
floor
'''
MEMORY = """
import psutil, gc; gc.collect(); print("memory", psutil.Process().memory_info().rss, panel.picture.frames, panel.picture.bytes_sent)
"""

# In the page: for each way, `set(k, value)` makes the change as the widget itself would, `shown()` is the value now on
# screen, `frames()` counts what was painted.
PAGE = """
() => {
  const number = [...document.querySelectorAll('.bpviz-picture')].length && document.querySelector('.bpviz-picture');
  const canvas = number.querySelector('canvas'), state = number.querySelector('.bpviz-state');
  const out = number.closest('.jp-OutputArea-output');
  const handles = out.querySelectorAll('.noUi-target');
  const naiveOut = document.querySelector('.widget-output, .jupyter-widgets-output-area');
  window.naiveFrames = 0;
  new MutationObserver((list) => { for (const m of list) for (const e of m.addedNodes)
      if (e.querySelector && (e.tagName === 'IMG' || e.querySelector('img'))) { window.naiveFrames += 1; window.floorWake(); } })
    .observe(naiveOut, {childList: true, subtree: true});
  const walk = document.querySelectorAll('.bpviz-picture')[1];
  const walkHandles = walk.closest('.jp-OutputArea-output').querySelectorAll('.noUi-target');
  const step = () => Number((/ step=([^;]+)/.exec(walk.querySelector('.bpviz-state').value) || [])[1]);
  const knob = (name) => Number((new RegExp(name + '=([^;]+)').exec(state.value) || [])[1]);
  const drag = (type, w1) => {
    const box = canvas.getBoundingClientRect();
    const [l, t, r, b] = JSON.parse(number.dataset.places)[0].inside;
    const x = box.left + box.width * (l + (w1 + 6) / 12 * (r - l)), y = box.top + box.height * (t + 4 / 12 * (b - t));
    canvas.dispatchEvent(new PointerEvent(type, {clientX: x, clientY: y, button: 0, pointerId: 1, bubbles: true}));
  };
  canvas.setPointerCapture = () => {};
  window.ways = {
    naive: {set: (v) => document.querySelector('.widget-interact .noUi-target').noUiSlider.set(v),
            shown: () => null, frames: () => window.naiveFrames},
    slider: {set: (v) => handles[0].noUiSlider.set(v), shown: () => knob('w1'),
             frames: () => Number(number.dataset.frame)},
    drag: {begin: (v) => drag('pointerdown', v), set: (v) => drag('pointermove', v), end: (v) => drag('pointerup', v),
           shown: () => knob('w1'), frames: () => Number(number.dataset.frame)},
    walk: {set: (v) => walkHandles[0].noUiSlider.set(v), shown: step, frames: () => Number(walk.dataset.frame)},
    floor: {set: (v) => window.floorAsk(v), shown: () => window.floorShown, frames: () => window.floorFrames || 0},
  };
  // wake up when something was painted, and not before: a busy page would take the core from the kernel
  let sleepers = [];
  const wake = () => { const woken = sleepers; sleepers = []; woken.forEach((done) => done()); };
  const tick = () => new Promise((done) => { sleepers.push(done); });
  new MutationObserver(wake).observe(number, {attributes: true});
  new MutationObserver(wake).observe(walk, {attributes: true});
  window.floorWake = wake;
  setInterval(wake, 1000);
  const near = (a, b) => Math.abs(a - b) < 0.006;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  window.oneStep = async (name, value) => {
    const way = window.ways[name], before = way.frames(), start = performance.now();
    if (way.last === value) return null;                  // no change, so no answer
    way.last = value;
    way.set(value);
    while (way.shown() === null ? way.frames() === before : !near(way.shown(), value)) {
      await tick();
      if (name === 'naive' && performance.now() - start > 5000) return null;      // it lost one: leave that out
      if (performance.now() - start > 5000) throw new Error(name + ' did not answer ' + value + ' but ' + way.shown());
    }
    return performance.now() - start;
  };
  window.dragFor = async (name, seconds, phase) => {
    const way = window.ways[name], start = performance.now(), first = way.frames();
    let value, last;
    while (performance.now() - start < 1000 * seconds) {
      const wave = Math.sin(phase + (performance.now() - start) / 400);
      value = name === 'walk' ? Math.round(16 + 15 * wave) : Number((2 * wave).toFixed(2));
      way.set(way.last = value);
      last = performance.now();
      await new Promise(requestAnimationFrame);
    }
    const frames = way.frames() - first, spent = (performance.now() - start) / 1000;
    if (way.shown() === null) {
      let count = way.frames(), still = performance.now();
      while (performance.now() - still < 900) { await pause(5); if (way.frames() !== count) { count = way.frames(); still = performance.now(); } }
      return [frames / spent, still - last];
    }
    while (!near(way.shown(), value)) { await tick(); if (performance.now() - last > 8000) throw new Error('no settle: ' + name); }
    return [frames / spent, performance.now() - last];
  };
}
"""
LABEL = {"naive": "naive `interact`, all redrawn", "slider": "**ours, by slider**", "drag": "**ours, drag in the plot**", "walk": "**ours, a step of the backprop walk**",
         "floor": "floor: empty update"}


def memory(notebook):
    """(kernel bytes, frames sent, bytes sent), by running the last cell."""
    page = notebook.page
    page.locator(".jp-CodeCell").last.locator(".cm-content").click()
    before = page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt").inner_text()
    page.keyboard.press("Control+Enter")
    wait(lambda: page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt").inner_text() not in (before, "[*]:"), 30,
         "the memory cell")
    text = page.locator(".jp-CodeCell").last.locator("pre").last.inner_text()
    return [int(word) for word in text.split()[1:]]


def measure(quick=False, flags=LAB):
    """All figures, as {way: {"steps": [...], "rates": [...], "settles": [...]}} and the memory growth in bytes."""
    rounds, updates = (2, 200) if quick else (ROUNDS, UPDATES)
    found = {way: {"steps": [], "rates": [], "settles": []} for way in LABEL}
    folder = Path(tempfile.mkdtemp())
    try:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text.strip())
                                                   for text in (NAIVE, OURS, WALK, FLOOR, MEMORY)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        (folder / "nb").mkdir()
        nbformat.write(notebook, folder / "nb" / "latency.ipynb")
        with jupyterlab(folder / "nb", folder / "home", flags) as (address, token), browser() as chrome:
            lab = Notebook(chrome, address, token, "latency.ipynb", height=3800)
            lab.run_all()
            page = lab.page
            wait(lambda: all(picture.get_attribute("data-frame") for picture in page.locator(".bpviz-picture").all()), 30,
                 "the first frames")
            page.wait_for_timeout(3000)
            page.evaluate(f"({PAGE})()")
            for k in range(rounds):
                for way in ("naive", "floor", "slider", "drag", "walk"):
                    page.wait_for_timeout(400)
                    if way == "drag":
                        page.evaluate("window.ways.drag.begin(0)")
                    for j in range(STEPS):
                        value = round(-2.5 + 5 * ((j * 0.618 + k * 0.1) % 1), 2)
                        if way == "walk":
                            value = 1 + (7 * j + 3 * k) % 32
                        spent = page.evaluate("([w, v]) => window.oneStep(w, v)", [way, value])
                        found[way]["steps"] += [] if spent is None else [spent]
                        page.wait_for_timeout(30)
                    rate, settle = page.evaluate("([w, s, p]) => window.dragFor(w, s, p)", [way, DRAG_S, k])
                    if way == "drag":
                        page.evaluate("window.ways.drag.end(0)")
                    found[way]["rates"].append(rate)
                    found[way]["settles"].append(settle)
            warm = memory(lab)
            for j in range(updates):
                page.evaluate("([w, v]) => window.oneStep(w, v)", ["slider", round(-5.9 + 11.8 * ((j * 0.618) % 1), 2)])
            after = memory(lab)
            lab.close()
        return found, after[0] - warm[0], (after[2] - warm[2]) / (after[1] - warm[1]), updates
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(found, growth, frame_bytes, updates):
    """The table as Markdown, targets beside the figures."""
    median = {way: statistics.median(found[way]["steps"]) for way in found}
    lines = ["| way | one step, ms: median (p95) | frames/s while dragging | settle, ms |", "|---|---|---|---|"]
    for way in ("naive", "slider", "drag", "walk", "floor"):
        steps = sorted(found[way]["steps"])
        lines.append(f"| {LABEL[way]} | {median[way]:.0f} ({steps[int(0.95 * len(steps))]:.0f}) | "
                     f"{statistics.median(found[way]['rates']):.0f} | {statistics.median(found[way]['settles']):.0f} |")
    rates = {way: statistics.median(found[way]["rates"]) for way in found}
    settles = {way: statistics.median(found[way]["settles"]) for way in found}
    rows = [("naive / ours by slider, median step", f"{median['naive'] / median['slider']:.1f}", "at least 10",
             median["naive"] / median["slider"] >= 10),
            ("ours by slider / floor, median step", f"{median['slider'] / median['floor']:.2f}", "at most 1.25",
             median["slider"] / median["floor"] <= 1.25),
            ("frames per second while a slider is dragged", f"{rates['slider']:.0f}", "at least 28", rates["slider"] >= 28),
            ("settle after a slider drag", f"{settles['slider']:.0f} ms", "under 120 ms", settles["slider"] < 120),
            ("naive / a step of the walk, median", f"{median['naive'] / median['walk']:.1f}", "at least 10",
             median["naive"] / median["walk"] >= 10),
            ("settle after dragging through the walk", f"{settles['walk']:.0f} ms", "under 120 ms", settles["walk"] < 120),
            (f"kernel memory growth per {updates:,} updates", f"{growth / 1e6:+.1f} MB", "under 5 MB", growth < 5e6),
            ("bytes per frame (raw tiles on loopback)", f"{frame_bytes:,.0f}", "", None)]
    lines += ["", "| target | measured | wanted | met |", "|---|---|---|---|"]
    lines += [f"| {name} | {value} | {wanted} | {'' if met is None else 'yes' if met else 'NO'} |"
              for name, value, wanted, met in rows]
    return "\n".join(lines)


def main():
    """Measure, print, and put the table between the markers of benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two rounds and 200 updates, and leave README.md alone")
    parser.add_argument("--plain", action="store_true", help="JupyterLab as it comes, and leave README.md alone")
    words = parser.parse_args()
    if chromium() is None:
        sys.exit("needs Chromium: `apt-get install chromium`, or set CHROMIUM to its path")
    start = time.monotonic()
    table = report(*measure(words.quick, LAB[:1] if words.plain else LAB))
    print(table)
    if not (words.quick or words.plain):
        path = HERE / "README.md"
        head, mark, rest = path.read_text(encoding="utf-8").partition("<!-- latency -->")
        _, end, tail = rest.partition("<!-- /latency -->")
        note = (f"\n{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {platform.machine()}, "
                f"{time.monotonic() - start:.0f} s in all, medians of {ROUNDS} interleaved rounds.\n\n")
        path.write_text(f"{head}{mark}\n{note}{table}\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
