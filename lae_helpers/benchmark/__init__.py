"""What every solver for the principal directions costs, for chapter 7.

``solvers`` holds them by name, out of ``decompositions``, ``spare``, ``recipes`` and its own;
``timer`` says how far one has come, and when; ``comparison`` runs them, ``report`` and ``plots``
show it. ``iterations`` counts, ``scaling`` and ``memory`` measure how costs grow,
``augmentation`` makes more images.
"""
