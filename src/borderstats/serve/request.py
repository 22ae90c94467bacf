"""A request as handlers see it, and the response that they prepare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from borderstats.serve.problem import bad

_MOST_PAIRS = 100
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Request:
    """A request: the parts of its path, the pairs of its query in their order, and what its client accepts."""

    path: Mapping[str, str]
    pairs: Sequence[tuple[str, str]]
    accept: str = "*/*"

    def one(self, name: str, default: str = "") -> str:
        """The value of a parameter that may stand once only, and not be empty."""
        found = [value for key, value in self.pairs if key == name]
        if len(found) > 1:
            raise bad(f"{name}: given {len(found)} times; give it once")
        if found and not found[0]:
            raise bad(f"{name}: it is empty; give it a value or leave it out")
        return found[0] if found else default

    def only(self, names: "frozenset[str]") -> None:
        """Refuse parameters that nobody knows: a misspelt one would quietly change the answer."""
        for name, _ in self.pairs:
            if name not in names:
                shown = name if name.isascii() and name.isidentifier() and len(name) <= 40 else "one of them"
                raise bad(f"{shown}: no such parameter; known are {', '.join(sorted(names))}")

    def number(self, name: str, most: int, default: int | None = None, least: int = 1) -> int | None:
        """A whole number from `least` to `most`, or the default where the parameter is missing."""
        written = self.one(name)
        if not written:
            return default
        if not (
            written.isascii() and written.isdigit() and len(written) <= 12 and least <= int(written) <= most
        ):
            raise bad(f"{name}: write a whole number from {least} to {most:,}")
        return int(written)

    def flag(self, name: str) -> bool:
        """Whether a parameter is `true`, in capitals or not, or `1`; it may be `false`, `0` or missing."""
        written = self.one(name, "false").lower()
        if written not in _FLAGS:
            raise bad(f"{name}: write true or false")
        return _FLAGS[written]


@dataclass(frozen=True)
class Prepared:
    """A response that is ready to be made: whether a client has it already is known before it is."""

    media: str
    make: Callable[[], bytes]
    headers: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"


def pairs(query: str, *, plus: bool) -> list[tuple[str, str]]:
    """The pairs of a query string; `plus`: a plus sign is a space there (in SDMX it is one of its operators)."""
    parts = [part for part in query.split("&") if part]
    if len(parts) > _MOST_PAIRS:
        raise bad(f"more than {_MOST_PAIRS} parameters; ask for less at once")
    found = []
    for part in parts:
        name, _, value = part.partition("=")
        if plus:
            name, value = name.replace("+", " "), value.replace("+", " ")
        try:
            found.append((unquote(name, errors="strict"), unquote(value, errors="strict")))
        except UnicodeDecodeError:
            raise bad("the query is not UTF-8; encode its characters so") from None
    if any("\0" in text for pair in found for text in pair):
        raise bad("the query has a character that no code has")
    return found
