"""The inventory: twenty questions before lesson 1 and after lesson 9, whose wrong answers are the misconceptions.

    items          the twenty questions
    trials         the small experiments that say what is right
    scored         what somebody answered before and after, by misconception
    class_page     the page for the teacher: python -m bpviz inventory FOLDER --out page.html
"""
