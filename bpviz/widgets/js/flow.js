// Requests to the kernel: at most MOST are under way, beyond that only the newest values count, each frame answers one
// request, and a lost answer is forgotten after LOST milliseconds. So nothing queues up, however slow the link.
const MOST = 3, LOST = 3000, LONG = 1200;             // LONG: after which the panel says that the kernel is busy
const AGAIN = 5000;                                   // of silence, after which what is awaited is asked for again

// A message may be lost on either side, and a panel that waits for it would wait for good. So it asks again, after ever
// longer silences: a cell may be running.  awaits: () -> whether it waits for anything.
function reminder(panel, awaits, ask) {
  let silence = AGAIN, timer;

  function begin() {
    if (timer === undefined && awaits()) timer = setTimeout(remind, silence);
  }
  function stop() {
    clearTimeout(timer);
    timer = undefined;
  }
  function heard() {
    stop();
    if (!awaits()) silence = AGAIN;
    begin();
  }
  function remind() {
    if (panel.alive() && panel.views.size) {
      console.info(`bpviz: nothing came for ${silence / 1000} s, asked again`);
      ask();
    }
    silence *= 2;
    stop();
    begin();
  }
  return {begin, heard, stop};
}

function flowOf(panel) {
  const underWay = new Map();                         // request number -> when it was sent
  let number = 0, waiting = false, wire = 0, long;

  // Whether the kernel owes anything: a first frame, an answer, the end of its work.
  const awaits = () => !panel.last.frame || underWay.size > 0 || waiting || typeof panel.last.progress === "number";
  const again = reminder(panel, awaits, () => ask(true));

  function patient() {
    clearTimeout(long);
    long = setTimeout(() => panel.show({long: true}), LONG);
  }

  function ask(anew = false) {
    const now = performance.now();
    for (const [n, sent] of underWay) if (now - sent > LOST) underWay.delete(n);
    if (underWay.size >= MOST) {
      if (!waiting) setTimeout(() => waiting && ask(), LOST);
      waiting = true;
      return;
    }
    waiting = false;
    underWay.set(++number, now);
    panel.say({kind: "want", n: number, knobs: panel.knobs.values(), glance: panel.glance, wire, again: anew});
    if (underWay.size === 1) patient();
    again.begin();
  }

  function answered(message) {
    if (underWay.has(message.n)) {
      wire = performance.now() - underWay.get(message.n) - (message.kernel_ms || 0);
      underWay.delete(message.n);
    }
    clearTimeout(long);
    if (underWay.size) patient();
    if (panel.last.long) panel.show({long: false});
    if (waiting) ask();
    again.heard();
  }

  function stop() {
    clearTimeout(long);
    again.stop();
  }
  return {ask: () => ask(), answered, begin: again.begin, stop};
}
