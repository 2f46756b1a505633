// Requests to the kernel: at most MOST are under way, beyond that only the newest values count, each frame answers one
// request, and a lost answer is forgotten after LOST milliseconds. So nothing queues up, however slow the link.
const MOST = 3, LOST = 3000, LONG = 1200;             // LONG: after which the panel says that the kernel is busy

function flowOf(panel) {
  const underWay = new Map();                         // request number -> when it was sent
  let number = 0, waiting = false, wire = 0, long;

  function patient() {
    clearTimeout(long);
    long = setTimeout(() => panel.show({long: true}), LONG);
  }

  function ask() {
    const now = performance.now();
    for (const [n, sent] of underWay) if (now - sent > LOST) underWay.delete(n);
    if (underWay.size >= MOST) {
      if (!waiting) setTimeout(() => waiting && ask(), LOST);
      waiting = true;
      return;
    }
    waiting = false;
    underWay.set(++number, now);
    panel.say({kind: "want", n: number, knobs: panel.knobs.values(), glance: panel.glance, wire});
    if (underWay.size === 1) patient();
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
  }

  return {ask, answered, stop: () => clearTimeout(long)};
}
