// The words above a picture: no line ends within a number, and where they go on below their place there is a mark.
const NUMBER = /(?:[=≤≥×] )?[−+]?\d(?:[\d.,]*\d)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?%?/g;

// The parts of a text; numbers with a blank in them, as "= 0.5" and "5 × 10⁻⁶", are held together.
function held(text) {
  const parts = [];
  let done = 0;
  for (const {0: number, index} of text.matchAll(NUMBER)) {
    if (!number.includes(" ")) continue;
    parts.push(text.slice(done, index), element("span", {class: "bpviz-held"}, number));
    done = index + number.length;
  }
  return [...parts, text.slice(done)];
}

// Its first sentence is the finding.
function sayIn(words, said) {
  const [finding] = said.match(/^.+?[.!?](?=\s|$)/s) || [said];
  words.replaceChildren(element("strong", {}, ...held(finding)), ...held(said.slice(finding.length)));
}

// What is longer than its place can be moved in it, with keys too and from its first frame on, and is marked as long as its end is out of sight.
function longerMark(words) {
  function look() {
    const hides = words.scrollHeight - words.clientHeight;
    if (hides > 1) words.tabIndex = 0;
    else if (words !== document.activeElement) words.removeAttribute("tabindex");
    words.parentElement.classList.toggle("bpviz-longer", hides - words.scrollTop > 4);
  }
  const watch = new ResizeObserver(look);
  words.addEventListener("scroll", look);
  watch.observe(words);
  return look;
}
