"""Make a PDF small: pack the many little objects that describe its structure, and compress them.

Chromium writes PDF 1.4, where each object stands alone and as plain text; a book with tags for
screen readers has 150,000 of them, more than half of its bytes. Object streams (ISO 32000-1, 7.5.7
and 7.5.8) hold the same objects packed; every reader since 2003 knows them.
"""

from __future__ import annotations

import re
import zlib

TOGETHER = 200  # objects in a stream
HEAD = re.compile(rb"\d+ 0 obj\n")
TRAILER = re.compile(rb"trailer\n<<(.*?)>>\nstartxref\n(\d+)\n%%EOF\s*$", re.DOTALL)


def read_objects(pdf: bytes) -> tuple[dict[int, bytes], bytes]:
    """Read the objects of a PDF as Chromium writes it, by number, and what its trailer says.

    Raises
    ------
    ValueError
        If it has no plain table of objects at its end, or an object does not stand where that says.
    """
    trailer = TRAILER.search(pdf)
    if trailer is None:
        raise ValueError("The PDF has no plain table of objects: Chromium writes another form now.")
    start = int(trailer[2])
    _, span, *lines = pdf[start : trailer.start()].splitlines()
    first, count = map(int, span.split())
    places = {
        number: int(line[:10])
        for number, line in zip(range(first, first + count), lines, strict=True)
        if line[17:18] == b"n"
    }
    ends = dict(zip(ordered := sorted(places.values()), [*ordered[1:], start], strict=True))
    objects = {}
    for number, place in places.items():
        whole = pdf[place : ends[place]]
        head = HEAD.match(whole)
        if head is None or not whole.endswith(b"endobj\n"):
            raise ValueError(f"Object {number} of the PDF does not stand where its table says.")
        objects[number] = whole[head.end() : -len(b"\nendobj\n")]
    return objects, trailer[1]


def write_stream(words: bytes, content: bytes) -> bytes:
    """Write a compressed stream with what its dictionary says besides length and filter."""
    packed = zlib.compress(content, 9)
    said = b"<<%b /Filter /FlateDecode /Length %d>>" % (words, len(packed))
    return said + b"stream\n" + packed + b"\nendstream"


def pack_pdf(pdf: bytes) -> bytes:
    """Return the same PDF with all but its streams packed.

    Parameters
    ----------
    pdf : bytes
        As Chromium writes it.

    Returns
    -------
    bytes
    """
    objects, trailer = read_objects(pdf)
    plain = [number for number, words in objects.items() if not words.endswith(b"endstream")]
    written = {number: objects[number] for number in objects.keys() - set(plain)}
    rows: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
    following = max(objects) + 1
    for begin in range(0, len(plain), TOGETHER):
        numbers = plain[begin : begin + TOGETHER]
        places, position = [], 0
        for row, number in enumerate(numbers):
            places.append(b"%d %d" % (number, position))
            rows[number] = (2, following, row)
            position += len(objects[number]) + 1
        index = b" ".join(places) + b"\n"
        words = b"/Type /ObjStm /N %d /First %d" % (len(numbers), len(index))
        content = index + b"\n".join(objects[number] for number in numbers)
        written[following] = write_stream(words, content)
        following += 1
    parts, position = [b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"], 15
    for number, words in sorted(written.items()):
        rows[number] = (1, position, 0)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, words))
        position += len(parts[-1])
    rows[following] = (1, position, 0)
    table = b"".join(
        kind.to_bytes(1, "big") + place.to_bytes(4, "big") + more.to_bytes(2, "big")
        for kind, place, more in (rows.get(number, rows[0]) for number in range(following + 1))
    )
    kept = re.sub(rb"/Size \d+", b"/Size %d" % (following + 1), trailer)
    words = b"/Type /XRef /W [1 4 2] " + kept
    parts.append(b"%d 0 obj\n%b\nendobj\n" % (following, write_stream(words, table)))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % position)
    return b"".join(parts)
