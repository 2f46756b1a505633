"""A verdict as the learner sees it: the same content as HTML and as plain text."""
import html
import re
from pathlib import Path

from bpviz.base.result import table_text
from bpviz.words.catalogue import say

STRESSED = re.compile(r"`([^`]+)`|(?<!\S)\*([a-z]{2,})\*(?![^\s.,:;?!)])")
LOOKS = (Path(__file__).parent / "check.css").read_text(encoding="utf-8")


def headed(title, verdict):
    """The first line: which exercise, and whether it is right."""
    return say("page", "head", status=verdict.status, title=title)


def rows(verdict):
    """((part, mark and word, how far off), ...); nothing to list where all is right or nothing was done."""
    if verdict.status != "wrong":
        return ()
    return tuple((line.part, say("page", "mark", n=line.status), line.off) for line in verdict.lines)


def paragraphs(verdict):
    """The words, line by line; none where they only repeat the head."""
    return () if verdict.status == "not attempted" and not verdict.key and verdict.words == "Not attempted yet." else \
        tuple(line for line in verdict.words.splitlines() if line.strip())


def caption(verdict):
    """What the table lists."""
    partials = all(line.part.startswith("dL/") for line in verdict.lines)
    return say("page", "parts", backwards=partials)


def verdict_text(title, verdict, note="", printed=""):
    """Plain text. note: a line about where the answer is kept, or "".  printed: what the learner's function printed."""
    lines = [headed(title, verdict), *paragraphs(verdict)]
    if rows(verdict):
        name, _, *table = table_text((caption(verdict), ("", "", ""), rows(verdict))).splitlines()
        lines += ["", name, *table]
    heard = [say("page", "printed"), printed.rstrip()] if printed.strip() else []
    return "\n".join([*lines, *filter(None, [note, *heard])])


def verdict_html(title, verdict, note="", printed=""):
    """HTML with its looks. note, printed: as in verdict_text."""
    kind = verdict.status.replace(" ", "-")
    said = "".join(map(paragraph, paragraphs(verdict)))
    lines = "".join(_row(row, row[0] == _first(verdict)) for row in rows(verdict))
    table = (f'<div class="bpviz-scroll"><table><caption>{caption(verdict)}</caption><tbody>{lines}</tbody></table>'
             "</div>") if lines else ""
    own = f"<p>{say('page', 'printed')}</p><pre>{html.escape(printed.rstrip())}</pre>" if printed.strip() else ""
    head = f'<p class="bpviz-verdict">{html.escape(headed(title, verdict))}</p>'
    return (f'<style>{LOOKS}</style><div class="bpviz-check bpviz-is-{kind}">'
            f"{head}{said}{table}{paragraph(note)}{own}</div>")


def _first(verdict):
    return next((line.part for line in verdict.lines if verdict.first in (line.part, line.part.removeprefix("dL/d"))
                 and verdict.first), None)


def _row(cells, first):
    part, mark, off = map(html.escape, cells)
    return (f'<tr{" class=bpviz-first" if first else ""}><td>{part}</td>'
            f"<td>{mark}</td><td>{off}</td></tr>")


def paragraph(sentence):
    """A sentence as HTML, what is between backticks as code, *one* word as stressed; nothing for an empty one."""
    said = STRESSED.sub(lambda found: f"<code>{found[1]}</code>" if found[1] else f"<em>{found[2]}</em>",
                        html.escape(sentence))
    return f"<p>{said}</p>" if sentence else ""


def note_html(sentence):
    """One sentence alone, in the looks of a check."""
    return f'<style>{LOOKS}</style><div class="bpviz-check">{paragraph(sentence)}</div>'
