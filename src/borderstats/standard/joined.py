"""Joined series as frozen values: one series out of datasets of several publishers, of which one takes over from another."""

from collections.abc import Mapping
from typing import Literal

from borderstats.standard.struct import Struct


class Piece(Struct, frozen=True):
    """What one dataset gives of a joined series."""

    dataset: str
    """The dataset."""
    since: str = ""
    """The first period that is taken from it (`2024-07`); the first piece has none."""
    where: Mapping[str, str] = {}
    """The codes of the series, by dimension, several separated by `|`; all other dimensions are at their total."""


class Joined(Struct, frozen=True):
    """A series that several datasets make together.

    Between each piece and the next a gate `agrees_with` must hold the figures that both have to one another: without an
    overlap that was looked at nothing is joined.
    """

    id: str
    """What it is called in links and files."""
    title: str
    """What it is called."""
    explanation: str
    """Why the pieces may be joined, and what is different between them."""
    pieces: tuple[Piece, ...]
    """The datasets, in the order of time."""
    kind: Literal["months", "quarters", "calendar years", "fiscal years"] = "months"
    """By what periods it goes."""
    title_es: str = ""
    """The title in Spanish."""
    by: str = ""
    """A dimension of all pieces, of which it has a line for each of the `codes`, beside that of the total."""
    codes: tuple[str, ...] = ()
    """The codes of that dimension."""


class JoinedSeries(Struct, frozen=True):
    """The joined series in the order of their page."""

    joined: tuple[Joined, ...]
    """The series."""
