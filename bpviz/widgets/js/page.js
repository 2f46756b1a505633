// What every page of ours needs: elements, numbers kept in a range, and what is said where no kernel is.
const GONE = {
  panel: {
    restarted: "The kernel was restarted. Run the cells above again, then this one (Shift+Enter).",
    none: "There is no kernel behind this panel. Run this cell (Shift+Enter) to move it.",
  },
  question: {
    restarted: "The kernel was restarted: run the cells above again, then this one (Shift+Enter). What you entered is kept.",
    none: "There is no kernel behind this cell. Run it (Shift+Enter) to answer.",
  },
};

// who: "panel" or "question".  lives, lived: whether there is a kernel, and whether there ever was one.
const goneWords = (who, lives, lived) => lives ? "" : GONE[who][lived ? "restarted" : "none"];

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function element(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...children);
  return e;
}

// The output that shows `el`, and its still picture: which steps back while there is a live one.
const outputOf = (el) => el.closest(".jp-OutputArea, .output, .cell-output") || el.parentElement;
