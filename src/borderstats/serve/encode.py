"""In which coding an answer is sent (RFC 9110, 12.5.3): the one of ours with the greatest weight, then the one that packs best."""

import gzip
from collections.abc import Callable, Mapping

import pyarrow as pa

CODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": lambda data: _arrow("zstd", 3, data),
    "br": lambda data: _arrow("brotli", 5, data),
    # Without a time in it: the same bytes give the same bytes.
    "gzip": lambda data: gzip.compress(data, 5, mtime=0),
}
"""The codings that there are, the preferred one first, and what makes them."""

WORTH = 1_000
"""Bytes from which on packing an answer is worth it."""


def _arrow(name: str, level: int, data: bytes) -> bytes:
    found: bytes = pa.Codec(name, compression_level=level).compress(data, asbytes=True)
    return found


def coding(accepted: str) -> str:
    """The coding that a client would have by its Accept-Encoding; nothing for the answer as it is."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(",")[:20]:
        name, *parameters = (one.strip() for one in part.split(";"))
        if name:
            weights["gzip" if name == "x-gzip" else name] = _weight(parameters)
    others = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda name: weights.get(name, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def _weight(parameters: list[str]) -> float:
    for one in parameters:
        name, _, value = one.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def tag(sha256: str, packed: str) -> str:
    """The strong tag of an answer in a coding: each has its own bytes."""
    return f'"{sha256[:32]}{_MARKS.get(packed, "")}"'


_MARKS = {"gzip": "-gz", "br": "-br", "zstd": "-zst"}


def plain(one: str) -> str:
    """What a tag says of the answer, whatever its coding."""
    bare = one.strip().removeprefix("W/").strip('"')
    head, dash, mark = bare.rpartition("-")
    return head if f"{dash}{mark}" in _MARKS.values() else bare
