"""Feedback weights that learn to be the transpose, for chapter 8.

``base`` says what a rule is, ``rules`` has the six; ``data`` has the images, ``training`` trains
networks, ``measures`` measures them, ``runs`` is what they leave behind. ``records`` reads the
long trainings, which ``tools/record_feedback.py`` ran; ``plots`` draws runs, in the colours and
dashes of ``looks``.
"""
