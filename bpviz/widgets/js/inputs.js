// What a learner answers with: radio buttons, a number, a curve. Each is its parts, and `bring`, which makes them show
// what the draft says, since another view may have moved that.

// Text with `code` and **bold** and empty lines between paragraphs, as elements; nothing in it is read as HTML.
function worded(text) {
  return text.split(/\n\s*\n/).map((paragraph) => element("p", {}, ...paragraph.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) =>
    /^`.+`$/.test(part) ? element("code", {}, part.slice(1, -1)) :
    /^\*\*.+\*\*$/.test(part) ? element("strong", {}, part.slice(2, -2)) : part)));
}

// One of these labels; its number becomes draft[field].
function radios(asked, group, labels, field) {
  const boxes = labels.map(() => element("input", {type: "radio", name: group}));
  boxes.forEach((box, k) => box.addEventListener("change", () => {
    asked.draft[field] = k;
    asked.changed();
  }));
  return {
    parts: boxes.map((box, k) => element("label", {class: "bpviz-asked-option"}, box, element("span", {}, ...worded(labels[k])))),
    bring: () => boxes.forEach((box, k) => { box.checked = asked.draft[field] === k; }),
  };
}

function numberBox(asked, name) {
  const box = element("input", {type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false",
    class: "bpviz-asked-number", "aria-labelledby": `${name}-question`, "aria-describedby": `${name}-status`});
  box.addEventListener("input", () => {
    asked.draft.answer = box.value;
    asked.changed();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey) asked.commit();
  });
  return {
    parts: [element("span", {class: "bpviz-asked-line"}, element("span", {"aria-hidden": "true"}, "Your number"), box,
      element("span", {}, asked.form.unit || ""))],
    bring() {
      const text = asked.draft.answer || "";
      if (box.value !== text) box.value = text;             // else the caret would jump to its end
    },
  };
}

// The pad stands above the other inputs; it draws itself when it is shown.
function curveInput(asked, name) {
  const pad = sketchpad(asked);
  const help = element("p", {class: "bpviz-asked-help", id: `${name}-help`},
    "Draw with the mouse, a finger or a pen; what you draw again replaces what was there. Keys: arrows move the pen and "
    + "draw, with Shift six times as far.");
  const clear = element("button", {class: "bpviz-asked-clear", type: "button"}, "Clear");
  clear.addEventListener("click", () => {
    asked.draft.heights.fill(null);
    asked.draft.pen = {k: 0, v: 0.5};
    asked.changed();
  });
  pad.canvas.setAttribute("aria-describedby", `${name}-help`);
  return {pad, parts: [element("span", {class: "bpviz-asked-line"}, clear), help], bring: () => {}};
}

function inputOf(asked, name) {
  if (asked.form.kind === "choice") return radios(asked, `${name}-answer`, asked.form.options, "answer");
  return asked.form.kind === "number" ? numberBox(asked, name) : curveInput(asked, name);
}
