"""Feedback weights that learn to be the transpose, for chapter 8."""
