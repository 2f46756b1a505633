// The row of buttons under the picture, and what is folded away beneath it. Which folds are open is the panel's, for all
// of its views.
const TOLD = 6000;                                    // milliseconds for which it is said that something was copied or saved
const PATIENT = 1000;                                 // milliseconds for the clipboard to take what is copied

function foldOf(panel, name, part) {
  const body = element("div", {class: "bpviz-folded"}, part);
  const toggle = button(name, () => {
    panel.open.has(name) ? panel.open.delete(name) : panel.open.add(name);
    panel.show();
  });
  const show = () => {
    body.hidden = !panel.open.has(name);
    toggle.setAttribute("aria-expanded", String(!body.hidden));
  };
  return {toggle, body, show};
}

// Into the clipboard; where the page may not, or a question to the user stays unanswered, by way of a field that is
// copied from.
async function copied(text) {
  try {
    await Promise.race([navigator.clipboard.writeText(text), new Promise((_, late) => setTimeout(late, PATIENT))]);
  } catch {
    const field = element("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

function download({name, type}, [bytes]) {
  const url = URL.createObjectURL(new Blob([bytes], {type})), link = element("a", {href: url, download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), TOLD);
}

// Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y) anywhere in the panel but where text is written, which has an undo of its own.
const undoKeys = (panel) => (event) => {
  const key = event.key.toLowerCase(), text = event.target.matches("textarea, input:not([type=range], [type=checkbox])");
  if (text || !(event.ctrlKey || event.metaKey) || event.altKey || !(key === "z" || key === "y")) return;
  event.preventDefault();
  event.stopPropagation();
  panel.say({kind: key === "y" || event.shiftKey ? "redo" : "undo"});
};

// A button that shows a sign has its name for whoever hears it, or rests the pointer on it.
function signed(sign, name) {
  sign.setAttribute("aria-label", name);
  sign.setAttribute("title", name);
  return sign;
}

// parts: [[name, what folds under it], ...]
function toolsOf(panel, walk, parts) {
  const told = element("span", {class: "bpviz-told", role: "status"});
  let quiet;
  const tell = (text) => {
    told.textContent = text;
    clearTimeout(quiet);
    quiet = setTimeout(() => { told.textContent = ""; }, TOLD);
  };
  const moves = [["undo", "Undo", "↶"], ["redo", "Redo", "↷"]].map(([kind, name, sign], k) => signed(button(sign, () => {
    if ((panel.last.moves || [])[k]) panel.say({kind});
  }), name));
  const copy = signed(button("Code", () => copied(panel.last.code || "").then(() => tell(`Copied: ${panel.last.code}`))), "Copy code");
  const pin = button("Pin", () => panel.say({kind: (panel.last.pins || {}).there ? "unpin" : "pin"}));
  pin.setAttribute("title", "keep this path as a grey ghost, to compare with");
  const files = [["png", "Picture (PNG)"], ["svg", "Picture (SVG)"], ["csv", "Numbers (CSV)"],
    ...(panel.model.get("plays") ? [["gif", "Film (GIF)"], ["html", "Film (HTML)"]] : [])].map(([what, words]) =>
    button(words, () => panel.say({kind: "save", what})));
  const save = element("div", {class: "bpviz-foot"}, ...files);
  const folds = [["save", save], ...parts].map(([name, part]) => foldOf(panel, name, part));
  const foot = element("div", {class: "bpviz-foot"}, ...moves, button("Reset", () => panel.say({kind: "reset"})), copy, pin);
  const row = element("div", {class: "bpviz-tools"}, walk.row, foot,
    element("div", {class: "bpviz-folds"}, ...folds.map(({toggle}) => toggle)), told);
  const show = () => {
    folds.forEach((fold) => fold.show());
    pin.style.display = panel.last.pins ? "" : "none";
    pin.textContent = panel.last.pins && panel.last.pins.there ? "Unpin" : "Pin";
    moves.forEach((move, k) => move.setAttribute("aria-disabled", String(!(panel.last.moves || [])[k])));
  };
  return {row, foot, save, folded: folds.map(({body}) => body), show};
}
