// What is chosen, typed or drawn so far, and the kernel it goes to: one `asked` for each model, which its views share.
//
// The click on Commit is confirmed here, at once, since the kernel may be busy with other cells. What was chosen so far
// is also noted in the page's own storage, so that a restarted kernel or a reloaded page loses nothing.
const NUMBER = /^(?=.*\d)[\d\s.,+\-−–eE/%*^×·()]{1,60}$/;              // whether it is one, the kernel says

const fresh = (form) => ({answer: null, sure: null, sent: false, refused: "", pen: {k: 0, v: 0.5},
  heights: form.kind === "curve" ? Array(form.columns).fill(null) : []});

// The page's own note of a draft, while the question is the same. Without a storage a reload loses what was not committed.
function noteOf(form) {
  const place = `bpviz ${form.id}`, same = JSON.stringify(form);
  function read() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(place));
      return kept && kept.form === same ? {...fresh(form), ...kept.draft} : fresh(form);
    } catch {
      return fresh(form);
    }
  }
  function write(draft) {
    try {
      sessionStorage.setItem(place, JSON.stringify({form: same, draft}));
    } catch { /* no storage */ }
  }
  function forget() {
    try {
      sessionStorage.removeItem(place);
    } catch { /* no storage */ }
  }
  return {read, write, forget};
}

// What would be committed; null where something is missing.
function valueOf(form, draft) {
  if (form.kind === "curve") return whole(draft.heights);
  if (form.kind === "number") return NUMBER.test(draft.answer || "") ? draft.answer.trim() : null;
  return draft.answer;
}

// What is still to be done before the commit, in words; "" when all is there.
const missing = (form, draft) => [
  ...valueOf(form, draft) !== null ? [] : [{curve: "draw the curve from the left edge to the right",
    choice: "choose an answer", number: `write ${form.wants}`}[form.kind]],
  ...draft.sure !== null ? [] : ["say how sure you are"]].join(" and ");

function askedOf(model) {
  const form = model.get("form"), note = noteOf(form), draft = note.read();
  const asked = {model, form, draft, views: new Set(), lived: false};

  // Any model knows whether its kernel is still there; this one hides it, but not its layout's.
  asked.witness = () => model.get("layout");
  asked.alive = () => !asked.witness() || asked.witness().comm_live !== false;
  asked.told = () => Object.keys(model.get("told")).length ? model.get("told") : null;
  asked.say = (content) => {
    if (!asked.alive()) return false;
    try {
      model.send(content);
      return true;
    } catch {
      return false;
    }
  };
  asked.send = () => { draft.sent = asked.say({kind: "commit", answer: valueOf(form, draft), sure: draft.sure}); };
  asked.drawn = () => asked.say({kind: "drawn", heights: draft.heights});
  asked.note = () => asked.told() ? note.forget() : note.write(draft);
  asked.show = () => {
    asked.lived = asked.lived || asked.alive();
    for (const view of asked.views) view.show();
  };
  asked.noteAndShow = () => {
    asked.note();
    asked.show();
  };
  asked.commit = () => {
    if (missing(form, draft) || asked.told()) return;
    draft.refused = "";
    asked.send();
    asked.noteAndShow();
  };
  asked.changed = () => {
    draft.refused = "";
    if (form.sketch) asked.drawn();
    asked.noteAndShow();
  };
  return asked;
}
