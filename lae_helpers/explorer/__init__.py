"""What the explorer learns from, and how its walks are repeated in Python.

``problems`` has the data, presets and starts, ``random`` the numbers that Python and JavaScript
draw alike, ``replay`` the walk done again, ``weights`` model, picture and rate of weights,
``front_end_state`` what the figure's traits hold.
"""
