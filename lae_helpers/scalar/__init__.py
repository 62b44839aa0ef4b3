"""The smallest autoencoder, of chapter 4: one pixel, one component, two weights.

``descent`` has its loss and its paths of gradient descent, ``plots`` its landscapes.
"""
