"""Which form of an answer a client accepts (RFC 9110, 12.5.1): the most specific range decides, then its quality."""

from collections.abc import Sequence
from dataclasses import dataclass

from borderstats.serve.problem import Problem


@dataclass(frozen=True)
class Form:
    """One form of an answer: its id here, its media type with parameters, and the names that `format=` and others use."""

    id: str
    media: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Range:
    media: str
    parameters: tuple[tuple[str, str], ...]
    quality: float


def choose(accept: str, wanted: str, forms: Sequence[Form]) -> tuple[Form, str]:
    """The form to answer in and the media type to say, from an Accept header and a parameter `format`.

    The first form is the default. Raises Problem 406 if none will do.
    """
    if wanted:
        for form in forms:
            if wanted == form.id or wanted in form.names or wanted.replace(" ", "+") == form.media:
                return form, form.media
        raise _unacceptable(forms)
    ranges = _ranges(accept) or [_Range("*/*", (), 1.0)]
    best: tuple[float, int, int] | None = None
    chosen: tuple[Form, str] | None = None
    for place, form in enumerate(forms):
        for media in (form.media, *(name for name in form.names if "/" in name)):
            found = _best(ranges, media)
            if found is None or not found[1]:
                continue
            rank = (found[1], found[0], -place)
            if best is None or rank > best:
                best, chosen = rank, (form, media)
    if chosen is None:
        raise _unacceptable(forms)
    return chosen


def _unacceptable(forms: Sequence[Form]) -> Problem:
    known = ", ".join(form.media for form in forms)
    short = ", ".join(form.id for form in forms)
    return Problem(
        406, f"there is no such form of this; ask for one of {known} in Accept, or format= one of {short}"
    )


def _best(ranges: Sequence[_Range], media: str) -> tuple[int, float] | None:
    """How specific the most specific range is that fits a media type, and its quality."""
    name, parameters = _split(media)
    kind = name.partition("/")[0]
    found: tuple[int, float] | None = None
    for one in ranges:
        if one.media == name and set(one.parameters) <= set(parameters):
            specific = 2 + len(one.parameters)
        elif one.media == f"{kind}/*" and not one.parameters:
            specific = 1
        elif one.media == "*/*" and not one.parameters:
            specific = 0
        else:
            continue
        if found is None or specific > found[0]:
            found = (specific, one.quality)
    return found


def _ranges(accept: str) -> list[_Range]:
    found = []
    for part in accept.split(",")[:50]:
        name, parameters = _split(part)
        quality = 1.0
        kept = []
        for key, value in parameters:
            if key == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
            elif key not in ("charset", "labels", "urn", "timeformat"):
                kept.append((key, value))
        if "/" in name:
            found.append(_Range(name, tuple(kept), quality))
    return found


def _split(written: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    name, *rest = (part.strip() for part in written.split(";"))
    pairs = (part.partition("=") for part in rest)
    return name.lower(), tuple((key.strip().lower(), value.strip(' "')) for key, _, value in pairs if key)
