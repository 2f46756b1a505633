// The browser's side of a prediction, and of a sketch: the question, what is chosen, typed or drawn, and the outcome
// once the kernel has told it. Nothing of the outcome is here before: `told` is empty until the answer is kept.
//
// The click on Commit is confirmed here, at once, since the kernel may be busy with other cells. What was chosen so far
// is also noted in the page's own storage, so that a restarted kernel or a reloaded page loses nothing.
// (In the page, page.js and sketch.js stand above these lines.)
const KEPT = "Kept. It is shown as soon as the running cells are done.";
const NUMBER = /^(?=.*\d)[\d\s.,+\-−–eE/%*^×·()]{1,60}$/;              // whether it is one, the kernel says

// Text with `code` and **bold** and empty lines between paragraphs, as elements; nothing in it is read as HTML.
function worded(text) {
  return text.split(/\n\s*\n/).map((paragraph) => element("p", {}, ...paragraph.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) =>
    /^`.+`$/.test(part) ? element("code", {}, part.slice(1, -1)) :
    /^\*\*.+\*\*$/.test(part) ? element("strong", {}, part.slice(2, -2)) : part)));
}

export default () => {
  const views = new Set();
  let model, form, draft, lived = false;

  // Any model knows whether its kernel is still there; this one hides it, but not its layout's.
  const witness = () => model.get("layout");
  const alive = () => !witness() || witness().comm_live !== false;
  const told = () => Object.keys(model.get("told")).length ? model.get("told") : null;
  const place = () => `bpviz ${form.id}`;
  const every = () => views.forEach((view) => view.show());

  const fresh = () => ({answer: null, sure: null, sent: false, refused: "", pen: {k: 0, v: 0.5},
    heights: form.kind === "curve" ? Array(form.columns).fill(null) : []});
  function noted() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(place()));
      return kept && kept.form === JSON.stringify(form) ? {...fresh(), ...kept.draft} : fresh();
    } catch {
      return fresh();
    }
  }
  function note() {
    try {
      if (told()) sessionStorage.removeItem(place());
      else sessionStorage.setItem(place(), JSON.stringify({form: JSON.stringify(form), draft}));
    } catch { /* a page without a storage: only a reload loses what was not committed */ }
  }

  // What would be committed; null where something is missing.
  function value() {
    if (form.kind === "curve") return whole(draft.heights);
    if (form.kind === "number") return NUMBER.test(draft.answer || "") ? draft.answer.trim() : null;
    return draft.answer;
  }
  const missing = () => [
    ...value() !== null ? [] : [{curve: "draw the curve from the left edge to the right", choice: "choose an answer",
      number: `write ${form.wants}`}[form.kind]],
    ...draft.sure !== null ? [] : ["say how sure you are"]].join(" and ");

  function say(content) {
    if (!alive()) return false;
    try {
      model.send(content);
      return true;
    } catch {
      return false;
    }
  }
  function commit() {
    if (missing() || told()) return;
    draft.refused = "";
    draft.sent = say({kind: "commit", answer: value(), sure: draft.sure});
    note();
    every();
  }
  function changed() {
    draft.refused = "";
    note();
    if (form.sketch) say({kind: "drawn", heights: draft.heights});
    every();
  }

  function receive(message) {
    if (message.kind === "refused") {
      [draft.sent, draft.refused] = [false, message.words];
      note();
      every();
    }
  }
  function look() {
    lived = lived || alive();
    every();
  }

  function initialize(context) {
    model = context.model;
    form = model.get("form");
    draft = noted();
    lived = alive();
    const off = [["msg:custom", receive], ["change:told", () => { note(); every(); }]];
    off.forEach(([name, action]) => model.on(name, action));
    if (witness() && witness().on) witness().on("comm_live_update", look);
    if (told()) note();
    else if (draft.sent) draft.sent = say({kind: "commit", answer: value(), sure: draft.sure});     // of a kernel that is gone
    else if (form.sketch && value() !== null) say({kind: "drawn", heights: draft.heights});
    say({kind: "hello"});
    return () => {
      off.forEach(([name, action]) => model.off(name, action));
      if (witness() && witness().off) witness().off("comm_live_update", look);
    };
  }

  function render({el}) {
    const name = `bpviz-${form.id}-${Math.random().toString(36).slice(2)}`;     // radio buttons of one name switch each other
    const root = element("section", {class: "bpviz-asked", "aria-label": form.sketch ? "Sketch" : "Prediction"});
    const head = element("div", {class: "bpviz-asked-head"});
    const question = element("div", {class: "bpviz-asked-question", id: `${name}-question`}, ...worded(form.question));
    const gone = element("div", {class: "bpviz-asked-gone", role: "alert"});
    const outcome = element("div", {class: "bpviz-asked-outcome", role: "status", "aria-live": "polite", tabindex: "-1"});
    const status = element("span", {class: "bpviz-asked-status", role: "status", "aria-live": "polite", id: `${name}-status`});
    const error = element("div", {class: "bpviz-asked-error", role: "alert"});
    const button = element("button", {class: "bpviz-asked-commit", type: "button", "aria-describedby": `${name}-status`}, "Commit");
    const foot = element("div", {class: "bpviz-asked-foot"}, button, status);
    const inputs = element("fieldset", {class: "bpviz-asked-answer", "aria-labelledby": `${name}-question`,
      "data-lm-suppress-shortcuts": "true"});
    const chosen = [];                      // how to bring inputs to what the draft says: another view may have moved it
    let pad, wasTold = false;

    function radio(group, label, mine, pick) {
      const box = element("input", {type: "radio", name: group});
      box.addEventListener("change", () => { pick(); changed(); });
      chosen.push(() => { box.checked = mine(); });
      return element("label", {class: "bpviz-asked-option"}, box, element("span", {}, ...worded(label)));
    }
    if (form.kind === "choice") {
      inputs.append(...form.options.map((option, k) => radio(`${name}-answer`, option, () => draft.answer === k,
        () => { draft.answer = k; })));
    } else if (form.kind === "number") {
      const box = element("input", {type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false",
        class: "bpviz-asked-number", "aria-labelledby": `${name}-question`, "aria-describedby": `${name}-status`});
      box.addEventListener("input", () => { draft.answer = box.value; changed(); });
      box.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey) commit();
      });
      chosen.push(() => { if (box.value !== (draft.answer || "")) box.value = draft.answer || ""; });
      inputs.append(element("span", {class: "bpviz-asked-line"}, element("span", {"aria-hidden": "true"}, "Your number"), box,
        element("span", {}, form.unit || "")));
    } else {
      pad = sketchpad(form, draft, changed);
      const help = element("p", {class: "bpviz-asked-help", id: `${name}-help`},
        "Draw with the mouse, a finger or a pen; what you draw again replaces what was there. Keys: arrows move the pen and "
        + "draw, with Shift six times as far.");
      const clear = element("button", {class: "bpviz-asked-clear", type: "button"}, "Clear");
      clear.addEventListener("click", () => {
        draft.heights.fill(null);
        draft.pen = {k: 0, v: 0.5};
        changed();
      });
      pad.canvas.setAttribute("aria-describedby", `${name}-help`);
      inputs.append(element("span", {class: "bpviz-asked-line"}, clear), help);
    }
    const sureness = element("fieldset", {class: "bpviz-asked-sure", "data-lm-suppress-shortcuts": "true"},
      element("legend", {}, "How sure are you?"), ...form.sureness.map((label, k) =>
        radio(`${name}-sure`, label, () => draft.sure === k, () => { draft.sure = k; })));
    button.addEventListener("click", commit);
    root.append(gone, head, question, ...pad ? pad.parts : [], inputs, ...form.sketch ? [] : [sureness], error,
      ...form.sketch ? [] : [foot], outcome);
    root.addEventListener("keydown", (event) => { if (!event.shiftKey && !event.ctrlKey) event.stopPropagation(); });
    el.append(root);

    // the still kept beside the widget steps back while there is a live one
    let marked;
    const mark = () => {
      if (!marked && root.isConnected) marked = outputOf(el);
      if (marked) marked.classList.add("bpviz-asks");
    };
    const view = {
      show() {
        const said = told(), lives = alive(), open = lives && !said && !draft.sent;
        mark();
        chosen.forEach((bring) => bring());
        gone.textContent = goneWords("question", lives || said, lived);
        root.dataset.state = said ? "told" : draft.sent ? "kept" : lives ? "asks" : "gone";
        head.textContent = form.sketch ? "Your sketch" : said ? "Your prediction" : "Your prediction, before you look";
        inputs.hidden = sureness.hidden = foot.hidden = Boolean(said);
        inputs.disabled = sureness.disabled = !open;
        button.disabled = !open || !lives || missing() !== "";
        button.hidden = draft.sent;
        status.textContent = !lives ? "" : draft.sent ? KEPT : missing() ? `To go on, ${missing()}.` : "";
        error.textContent = draft.refused;
        if (pad) {
          if (said && said.yours) draft.heights = said.yours;
          pad.show(open, {truth: said ? said.curve : null}, said ? said.spoken : `Drawing area: ${form.labels[1]} against ${form.labels[0]}.`);
        }
        if (said && !wasTold) {
          const mine = root.contains(document.activeElement) || draft.sent;
          tell(said);
          if (mine) outcome.focus({preventScroll: true});
        }
        wasTold = Boolean(said);
      },
    };
    function tell(said) {
      const line = (kind, text) => element("div", {class: `bpviz-asked-${kind}`}, ...worded(text));
      outcome.dataset.right = said.right;
      outcome.replaceChildren(
        ...pad && said.curve ? [element("div", {class: "bpviz-asked-key", "aria-hidden": "true", style: `padding-left: ${pad.left}px`}, element("span", {class: "yours"}, "yours"),
          element("span", {class: "truth"}, "what happens"))] : [],
        ...said.options ? [element("ul", {class: "bpviz-asked-options"}, ...said.options.map(({text, mark, note: words, yours, true: is}) =>
          element("li", {class: `${yours ? "yours" : ""} ${is ? "true" : ""}`}, element("span", {class: "mark"}, mark),
            element("span", {}, ...worded(text)), ...words ? [element("em", {}, words)] : [])))] : [],
        ...said.verdict ? [line("verdict", said.verdict)] : [], ...said.line ? [line("both", said.line)] : [], ...said.words ? [line("words", said.words)] : [],
        ...said.notes.map((text) => line("note", text)));
    }
    views.add(view);
    const watch = new ResizeObserver(() => {
      mark();
      if (pad && root.clientWidth > 50) pad.fit(root.clientWidth - 28);
    });
    watch.observe(root);
    view.show();
    return () => {
      views.delete(view);
      watch.disconnect();
      if (pad) pad.away();
      if (marked) marked.classList.remove("bpviz-asks");
    };
  }

  return {initialize, render};
};
