"""What a node of a page stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes


def ancestors(node: nodes.Node) -> Iterator[nodes.Node]:
    """Give what a node stands in, from the inside out."""
    while (node := node.parent) is not None:
        yield node
