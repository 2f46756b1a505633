// The browser's side of a picture: it shows the tiles the kernel sends, and asks for new ones. One `panel` for each
// model, which its parts share: flow, knobs, sheet; and the views of it.
function panelOf(model) {
  const panel = {model, sliders: {}, numbers: {}, views: new Set(), open: new Set(), last: {}, glance: {}, refused: ""};
  const page = Math.random().toString(36).slice(2);
  let lived = false, k = 0;

  // Any model knows whether its kernel is still there; a message to a kernel that is gone would be an error of the page.
  panel.alive = () => Object.values(panel.sliders).every((s) => s.comm_live !== false);
  panel.lived = () => { lived = lived || panel.alive(); return lived; };
  panel.say = (content) => {
    const hears = panel.alive();
    if (hears) model.send({...content, page, k: ++k});      // the kernel may hear them in another order
    return hears;
  };
  panel.show = (told = {}) => {
    panel.last = {...panel.last, ...told};
    for (const view of panel.views) view.show();
  };
  // action() whenever the kernel goes, or comes; returns how to stop that
  panel.onKernel = (action) => {
    const witness = Object.values(panel.sliders)[0];
    if (witness) witness.on("comm_live_update", action);
    return () => witness && witness.off("comm_live_update", action);
  };
  return Object.assign(panel, {flow: flowOf(panel), knobs: knobsOf(panel), sheet: sheetOf(panel)});
}

function receiver(panel) {
  return (message, buffers) => {
    if (message.kind === "frame") {
      panel.sheet.frame(message, buffers).then(() => panel.flow.answered(message));
    } else if (message.kind === "put") {
      panel.knobs.take(message.knobs);
    } else if (message.kind === "file") {
      download(message, buffers);
    } else if (message.kind === "note") {              // progress or an error: words, no pixels
      if (message.back) panel.knobs.takeBack(message.back);
      panel.show(message);
      panel.flow.answered(message);
    }
  };
}

export default () => {
  let panel;

  async function initialize({model}) {
    panel = panelOf(model);
    const receive = receiver(panel), begin = () => panel.sheet.begin();
    model.on("msg:custom", receive);
    model.on("change:first", begin);
    await panel.knobs.listen();
    let greeted = false;
    const greet = () => { greeted = greeted || panel.say({kind: "hello"}); };
    panel.lived();
    greet();
    const off = panel.onKernel(greet);
    return () => {
      panel.flow.stop();
      panel.knobs.stop();
      model.off("msg:custom", receive);
      model.off("change:first", begin);
      off();
    };
  }

  return {initialize, render: ({el}) => viewOf(panel, el)};
};
