"""A table on a page of a PDF as cells: columns are told apart by where the figures below one another stand."""

import contextlib
import io
import logging
import re
from collections.abc import Iterator, Sequence

from borderstats.errors import InputError
from borderstats.intake.raw import Cells

Segment = tuple[int, int, str]
"""A stretch of a line without a wide gap: first and last place, and its text."""

_SEGMENT = re.compile(r"\S+(?: \S+)*")
_FIGURE = re.compile(r"-?[\d,]+(\.\d+)?")
_LEAST_FIGURES = 2


def cells(name: str, data: bytes) -> Cells:
    """The text of a document as cells: one row for each line, and the lines of a header joined into one row.

    The header is what stands right above the first line with figures, beginning with the first line that has no text
    in the first column. Raises InputError if the document is broken, scanned, or has no lines of figures.
    """
    lines = [_segments(line) for line in _text(name, data).splitlines() if line.strip()]
    body = [number for number, line in enumerate(lines) if len(_figures(line)) >= _LEAST_FIGURES]
    if not body:
        raise InputError(
            f"{name}: no line of the document has figures in columns; a scanned page cannot be read"
        )
    columns = _columns([segment for number in body for segment in _figures(lines[number])])
    first = body[0]
    top = first
    while top > 0 and lines[top - 1][0][0] >= columns[0][0] - _gap(columns):
        top -= 1
    header = _row([segment for line in lines[top:first] for segment in line], columns)
    above = [_row(line, columns) for line in lines[:top]]
    below = [_row(line, columns) for line in lines[first:]]
    return Cells("", [*above, header, *below])


def _text(name: str, data: bytes) -> str:
    from pypdf import PdfReader  # noqa: PLC0415 - loading it takes longer than reading most files
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - as above

    try:
        with _silent():
            return "\n".join(
                page.extract_text(extraction_mode="layout") for page in PdfReader(io.BytesIO(data)).pages
            )
    except (PyPdfError, ValueError, LookupError, AttributeError, TypeError, RecursionError, OSError) as error:
        raise InputError(f"{name}: the PDF is cut off or broken ({error}); fetch it again") from None


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Without the library's own log, which says in its terms what our error says in the reader's."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _segments(line: str) -> list[Segment]:
    return [(match.start(), match.end(), match.group()) for match in _SEGMENT.finditer(line)]


def _figures(line: Sequence[Segment]) -> list[Segment]:
    return [segment for segment in line if _FIGURE.fullmatch(segment[2])]


def _columns(figures: Sequence[Segment]) -> list[tuple[int, int]]:
    """The stretches that figures below one another share, from left to right."""
    found: list[tuple[int, int]] = []
    for start, end, _ in sorted(figures):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _gap(columns: Sequence[tuple[int, int]]) -> int:
    """Half the distance between two columns: a header may begin that much to the left of its figures."""
    return (columns[1][0] - columns[0][0]) // 2 if len(columns) > 1 else 0


def _row(segments: Sequence[Segment], columns: Sequence[tuple[int, int]]) -> list[str]:
    """Texts in their columns; the first column is what stands left of all figures."""
    texts: list[list[str]] = [[] for _ in range(len(columns) + 1)]
    left = columns[0][0] - _gap(columns)
    for start, end, text in segments:
        middle = (start + end) / 2
        near = min(range(len(columns)), key=lambda n: abs(middle - sum(columns[n]) / 2)) + 1
        texts[0 if start < left else near].append(text)
    return [" ".join(words) for words in texts]
