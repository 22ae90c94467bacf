"""What a request did wrong, as an answer that says what to do (RFC 9457)."""

import html
import re
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec

MEDIA = "application/problem+json"


@dataclass
class Problem(Exception):  # noqa: N818 - it is called so in RFC 9457
    """An answer with a status from 400 on. `detail` says what is wrong and what to do; `headers` are sent with it."""

    status: int
    detail: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return msgspec.json.encode(
            {
                "type": "about:blank",
                "title": HTTPStatus(self.status).phrase,
                "status": self.status,
                "detail": self.detail,
            }
        )

    def page(self, path: str) -> bytes:
        """The same for a person who asked for a path: a page that needs nothing else, with a way to the start."""
        title = {404: "There is nothing here"}.get(self.status, HTTPStatus(self.status).phrase)
        start = "../" * (path.count("/") - 1) or "./"
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>{title}</title><h1>{title}</h1><p>{html.escape(self.detail[:1].upper() + self.detail[1:])}.</p>"
            f'<p><a href="{start}">To the start</a></p></html>\n'
        ).encode()


def bad(detail: str) -> Problem:
    """The request cannot be understood."""
    return Problem(400, detail)


def missing(detail: str) -> Problem:
    """There is no such thing, or nothing that matches."""
    return Problem(404, detail)


def one_of(what: str, wanted: str, known: "list[str] | tuple[str, ...]", most: int = 12) -> str:
    """`no dataset 'x'; known are a, b` with at most so many names; a long or odd input is not sent back."""
    shown = repr(wanted) if re.fullmatch(r"[\w.:-]{1,60}", wanted, re.ASCII) else "of that name"
    names = ", ".join(known[:most]) + (", ..." if len(known) > most else "")
    return f"no {what} {shown}; known are {names or 'none'}"
