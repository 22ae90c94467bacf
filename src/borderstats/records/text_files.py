"""A delimited text file before it is read: its digest and encoding, its first rows, and a copy that can be streamed."""

import codecs
import csv
import hashlib
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from borderstats.errors import InputError

HEADER_WITHIN = 50
"""The header stands within so many rows."""

_CHUNK = 1 << 22
_TAIL = 1 << 16


@dataclass(frozen=True)
class Survey:
    """What one pass over a text file tells: SHA-256, encoding (`""`: not UTF-8), whether its line ends are of one kind."""

    digest: str
    encoding: str
    even_lines: bool


def survey(path: Path) -> Survey:
    """Read a text file once. InputError if it is empty or no text."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf_8, utf_16 = True, False
    feeds = returns = both = 0
    last = b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if not last:
                utf_16 = chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            digest.update(chunk)
            if not utf_16 and b"\0" in chunk:
                raise InputError(
                    f"{path.name}: no text, workbook or Parquet file; unpack it, or ask the agency for one"
                )
            utf_8 = utf_8 and not utf_16 and _decodes(decoder, chunk)
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            both += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            last = chunk[-1:]
    if not last:
        raise InputError(f"{path.name}: the file is empty; ask the agency for it again")
    utf_8 = utf_8 and _decodes(decoder, b"", final=True)
    encoding = "utf-16" if utf_16 else "utf-8-sig" if utf_8 else ""
    return Survey(digest.hexdigest(), encoding, both in (0, feeds) and both == returns)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def first_rows(path: Path, encoding: str, delimiter: str) -> list[list[str]]:
    """The first rows of a text file, for its headings; none if a quote that does not close keeps them from being read."""
    with path.open(encoding=encoding or "cp1252", errors="replace", newline="") as stream:
        text = io.StringIO(stream.read(_CHUNK), newline="")
    try:
        return list(islice(csv.reader(text, delimiter=delimiter), HEADER_WITHIN))
    except csv.Error:
        return []


def make_streamable(path: Path, found: Survey, fallback: str, trailers: Sequence[str], target: Path) -> None:
    """Make `target` a link to the file, or a copy in UTF-8 with even line ends and no trailing lines where it is not that.

    DuckDB passes over rows in silence where line ends are mixed between them, so such a file is never read as it is.
    A link, because it would take brackets and stars in the file's own name for a pattern.
    InputError if the file is not in its encoding, or in none that its layout allows.
    """
    if not found.encoding and fallback == "utf-8":
        raise InputError(
            f'{path.name}: not in UTF-8; if the agency writes Windows-1252, say encoding = "cp1252" in the layout'
        )
    plain = found.encoding == "utf-8-sig" and found.even_lines
    if plain and not _trailing(path, trailers):
        target.symlink_to(path.resolve())
        return
    encoding = found.encoding or fallback
    try:
        with path.open(encoding=encoding) as source, target.open("w", encoding="utf-8", newline="\n") as copy:
            while text := source.read(_CHUNK):
                copy.write(text)
    except UnicodeError:
        raise InputError(f"{path.name}: not in {encoding} throughout; ask the agency for it again") from None
    if length := _trailing(target, trailers):
        os.truncate(target, target.stat().st_size - length)


def _trailing(path: Path, trailers: Sequence[str]) -> int:
    """How many bytes at the end of a UTF-8 file belong to lines below the records."""
    if not trailers:
        return 0
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL))
        lines = stream.read().splitlines(keepends=True)
    blank = length = 0
    for line in reversed(lines):
        cell = line.decode("utf-8", errors="replace").strip('\ufeff \t\r\n",;|')
        if not cell:
            blank += len(line)
        elif is_trailer(cell, trailers):
            length += blank + len(line)
            blank = 0
        else:
            break
    return length


def is_trailer(cell: str, trailers: Sequence[str]) -> bool:
    """Whether the first cell of a line is one of these words, or begins with one."""
    return bool(trailers) and _beginnings(tuple(trailers)).match(cell) is not None


@cache
def _beginnings(words: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(re.escape(word) for word in words)
    return re.compile(rf"\s*(?:{either})\b", re.IGNORECASE)


def ragged(path: Path, delimiter: str, width: int, header: int) -> Iterator[tuple[int, int]]:
    """Each row below the header that has not `width` cells: its place (1 is the first row) and how many it has."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        for row, cells in enumerate(csv.reader(stream, delimiter=delimiter), 1):
            if row > header and cells and len(cells) != width:
                yield row, len(cells)
