// The browser's side of a prediction, and of a sketch: the question, what is answered, and the outcome once the kernel
// has told it. Nothing of the outcome is here before: `told` is empty until the answer is kept.
const KEPT = "Kept. It is shown as soon as the running cells are done.";

function questionOf(asked, name) {
  const {form} = asked, silent = {"data-lm-suppress-shortcuts": "true"};
  const head = element("div", {class: "bpviz-asked-head"});
  const question = element("div", {class: "bpviz-asked-question", id: `${name}-question`, tabindex: "-1"}, ...worded(form.question));
  const gone = element("div", {class: "bpviz-asked-gone", role: "alert"});
  const outcome = element("div", {class: "bpviz-asked-outcome", role: "status", "aria-live": "polite", tabindex: "-1"});
  const status = element("span", {class: "bpviz-asked-status", role: "status", "aria-live": "polite", id: `${name}-status`});
  const error = element("div", {class: "bpviz-asked-error", role: "alert"});
  const button = element("button", {class: "bpviz-asked-commit", type: "button", "aria-describedby": `${name}-status`}, "Commit");
  const foot = element("div", {class: "bpviz-asked-foot"}, button, status);
  const input = inputOf(asked, name), sure = radios(asked, `${name}-sure`, form.sureness, "sure"), {pad} = input;
  const inputs = element("fieldset", {class: "bpviz-asked-answer", "aria-labelledby": `${name}-question`, ...silent}, ...input.parts);
  const sureness = element("fieldset", {class: "bpviz-asked-sure", ...silent}, element("legend", {}, "How sure are you?"),
    ...sure.parts);
  const root = element("section", {class: "bpviz-asked", "aria-label": form.head || (form.sketch ? "Sketch" : "Prediction")}, gone, head,
    question, ...pad ? pad.parts : [], inputs, ...form.sketch ? [error] : [sureness, error, foot], outcome);
  button.addEventListener("click", asked.commit);
  root.addEventListener("keydown", (event) => { if (!event.shiftKey && !event.ctrlKey) event.stopPropagation(); });
  const bring = () => [input, sure].forEach((one) => one.bring());
  return {root, gone, head, pad, inputs, sureness, error, foot, button, status, outcome, bring};
}

// What the outcome tells, as elements.
function outcomeParts(said, pad) {
  const key = () => element("div", {class: "bpviz-asked-key", "aria-hidden": "true", style: `padding-left: ${pad.left}px`},
    element("span", {class: "yours"}, "yours"), element("span", {class: "truth"}, "what happens"));
  const option = ({text, mark, note, yours, true: is}) => element("li", {class: `${yours ? "yours" : ""} ${is ? "true" : ""}`},
    element("span", {class: "mark"}, mark), element("span", {}, ...worded(text)), ...note ? [element("em", {}, note)] : []);
  const lines = [["verdict", said.verdict], ["both", said.line], ["words", said.words], ...said.notes.map((note) => ["note", note])];
  return [...pad && said.curve ? [key()] : [],
    ...said.options ? [element("ul", {class: "bpviz-asked-options"}, ...said.options.map(option))] : [],
    ...lines.filter(([, text]) => text).map(([kind, text]) => element("div", {class: `bpviz-asked-${kind}`}, ...worded(text)))];
}

// Brings the parts of a question to what the draft says, and to what was told.
function questionShower(asked, parts) {
  const {root, gone, head, pad, inputs, sureness, error, foot, button, status, outcome, bring} = parts, {form, draft} = asked;
  let wasTold = false;

  function tell(said) {
    const mine = root.contains(document.activeElement) || draft.sent;
    outcome.dataset.right = said.right;
    outcome.replaceChildren(...outcomeParts(said, pad));
    if (mine) outcome.focus({preventScroll: true});
  }
  return () => {
    const said = asked.told(), lives = asked.alive(), open = lives && !said && !draft.sent, wants = missing(form, draft);
    bring();
    gone.textContent = goneWords("question", lives || said, asked.lived);
    root.dataset.state = said ? "told" : draft.sent ? "kept" : lives ? "asks" : "gone";
    head.textContent = form.head || (form.sketch ? "Your sketch" : said ? "Your prediction" : "Your prediction, before you look");
    inputs.hidden = sureness.hidden = foot.hidden = Boolean(said);
    inputs.disabled = sureness.disabled = !open;
    button.disabled = !open || wants !== "";
    button.hidden = draft.sent;
    status.textContent = !lives ? "" : draft.sent ? form.kept || KEPT : wants ? `To go on, ${wants}.` : "";
    error.textContent = draft.refused;
    if (pad) {
      if (said && said.yours) draft.heights = said.yours;
      pad.show(open, said ? said.curve : null, said ? said.spoken : `Drawing area: ${form.labels[1]} against ${form.labels[0]}.`);
    }
    if (said && !wasTold) tell(said);
    wasTold = Boolean(said);
  };
}

function askedView(asked, el) {
  const name = `bpviz-${asked.form.id}-${Math.random().toString(36).slice(2)}`;     // radio buttons of one name switch each other
  const parts = questionOf(asked, name), {root, pad} = parts, bring = questionShower(asked, parts);
  let marked;
  function mark() {                         // the still kept beside the widget steps back while there is a live one
    if (!marked && root.isConnected) marked = outputOf(el);
    if (marked) marked.classList.add("bpviz-asks");
  }
  function show() {
    mark();
    bring();
  }
  const view = {show}, watch = new ResizeObserver(() => {
    mark();
    if (pad && root.clientWidth > 50) pad.fit(root.clientWidth - 28);
  });
  el.append(root);
  asked.views.add(view);
  watch.observe(root);
  show();
  if (asked.form.follows) requestAnimationFrame(() => root.querySelector(".bpviz-asked-question").focus({preventScroll: true}));
  return () => {
    asked.views.delete(view);
    watch.disconnect();
    if (pad) pad.away();
    if (marked) marked.classList.remove("bpviz-asks");
  };
}

export default () => {
  let asked;

  function initialize({model}) {
    asked = askedOf(model);
    const {form, draft} = asked, layout = asked.witness();
    const receive = ({kind, words}) => {
      if (kind === "refused") [draft.sent, draft.refused] = [false, words];
      asked.noteAndShow();
    };
    const off = [["msg:custom", receive], ["change:told", asked.noteAndShow]];
    off.forEach(([name, action]) => model.on(name, action));
    if (layout && layout.on) layout.on("comm_live_update", asked.show);
    asked.lived = asked.alive();
    if (asked.told()) asked.note();
    else if (draft.sent) asked.send();                               // of a kernel that is gone
    else if (form.sketch && valueOf(form, draft) !== null) asked.drawn();
    asked.say({kind: "hello"});
    return () => {
      off.forEach(([name, action]) => model.off(name, action));
      if (layout && layout.off) layout.off("comm_live_update", asked.show);
    };
  }

  return {initialize, render: ({el}) => askedView(asked, el)};
};
