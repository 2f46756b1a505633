// The row of buttons under the picture, and what is folded away beneath it. Which folds are open is the panel's, for all
// of its views.
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

// parts: [[name, what folds under it], ...]
function toolsOf(panel, walk, parts) {
  const folds = parts.map(([name, part]) => foldOf(panel, name, part));
  const foot = element("div", {class: "bpviz-foot"}, button("Reset", () => panel.say({kind: "reset"})));
  const row = element("div", {class: "bpviz-tools"}, walk.row, foot,
    element("div", {class: "bpviz-folds"}, ...folds.map(({toggle}) => toggle)));
  return {row, foot, folded: folds.map(({body}) => body), show: () => folds.forEach(({show}) => show())};
}
