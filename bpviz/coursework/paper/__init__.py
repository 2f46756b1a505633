"""Worksheets and exams on paper: tasks whose numbers can be worked with by hand, a sheet for each student, and a key.

    task                what a task is, and how its numbers are written
    network_tasks       forward, backward and update of small networks, the chain rule (lessons 1 to 3)
    checking_tasks      difference quotients, faults, two losses (lesson 4)
    descent_tasks       steps on parabolas, level points, momentum, restarts (lessons 5 to 7)
    depth_tasks         penalty, dropout, vanishing and clipping (lessons 8 and 9)
    drawing             the small network beside a task
    sheets              the pages as HTML, made for print
    pdf                 the same as PDF, where a Chromium is there
"""
