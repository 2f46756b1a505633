"""The inventory in a real JupyterLab: by mouse and by keys, left and taken up again, with the kernel restarted between."""
import json

import pytest
from lab import MISSING, chromium, wait, write

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]


def test_left_and_taken_up_again(jupyter):
    lab = jupyter.room("inventory")
    write(lab.folder, "inventory.ipynb", "import bpviz as bp", 'bp.inventory("before")')
    with lab.open("inventory.ipynb", fresh=True) as notebook:
        notebook.run_all()
        page = notebook.page
        head, options = page.locator(".bpviz-asked-head"), page.locator(".bpviz-asked-answer input")
        sure, commit = page.locator(".bpviz-asked-sure input"), page.locator(".bpviz-asked-commit")
        wait(lambda: head.count() and head.inner_text() == "Question 1 of 20", 20, "the first question")
        assert page.locator(".bpviz-asked").get_attribute("aria-label") == "Question 1 of 20"
        options.nth(1).check()
        assert commit.is_disabled()
        sure.nth(2).check()
        commit.click()
        wait(lambda: head.inner_text() == "Question 2 of 20", 10, "the second question")
        wait(lambda: "bpviz-asked-question" in page.evaluate("document.activeElement.className"), 5, "the focus to follow")
        page.keyboard.press("Tab")                              # to the answers; no mouse from here
        for key in ("ArrowDown", "Tab", "ArrowDown", "Tab", "Enter"):
            page.keyboard.press(key)
        wait(lambda: head.inner_text() == "Question 3 of 20", 10, "the third question")
        kept = [json.loads(line) for line in (lab.folder / "bpviz_answers.jsonl").read_text().splitlines()]
        assert [(one["id"], one["sure"]) for one in kept][0] == ("before-I01", 2) and len(kept) == 2
        assert not page.get_by_text("✓").count()
        notebook.restart()
        notebook.idle()
        notebook.run_all()
        wait(lambda: head.count() and head.inner_text() == "Question 3 of 20", 20, "the question where it was left")
