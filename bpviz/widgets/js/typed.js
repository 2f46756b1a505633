// What is typed into a panel: the number fields' empty box and decimal comma, the keys of undo, and how long a refusal stays.

// An emptied box: its widget puts the last number back, without a word. So this says it.
const emptied = (panel) => ({target}) => {
  const number = Object.values(panel.numbers).find((n) => n.get("description") === target.getAttribute("aria-label")
    || (target.labels && target.labels[0] && target.labels[0].textContent === n.get("description")));
  if (target.type !== "number" || target.value !== "" || !number) return;
  panel.refused = `${number.get("description")}: got no number; allowed is a number such as ${number.get("value")}`;
  panel.show();
  setTimeout(() => panel.show());                     // once the number is back
};

// A field for numbers swallows a comma, and 0,5 would be 5: it is a decimal point.
function decimalPoint(event) {
  if (event.key !== "," || event.target.type !== "number" || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.execCommand("insertText", false, ".");
}

// The kernel knows nothing of such a refusal, and frames may come on: it stays until the learner does something else.
const movesOn = (panel) => () => {
  if (!panel.refused) return;
  panel.refused = "";
  panel.show();
};

// Hears the typing in `around`, one at a time, until it is put away.
function typingOf(panel) {
  const heard = [["keydown", movesOn(panel)], ["pointerdown", movesOn(panel)], ["change", movesOn(panel)],
    ["change", emptied(panel)], ["keydown", undoKeys(panel)], ["keydown", decimalPoint]];
  let where;

  function away() {
    if (where) for (const [kind, action] of heard) where.removeEventListener(kind, action, true);
    where = undefined;
  }

  function hear(around) {
    if (!around || around === where) return;
    away();
    where = around;
    for (const [kind, action] of heard) where.addEventListener(kind, action, true);
  }
  return {hear, away};
}
