"""What the status of a figure says, as the code list `obs_status` has it: is there a figure, and what of it.

The program knows no status by its code: it asks for one by its role, or for all under which there is no figure.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from borderstats.standard.codelists import Code, CodeList

STATUSES = "obs_status"
"""The id of the code list."""

Role = Literal["normal", "provisional", "not_applicable", "suppressed"]
ONE_EACH: tuple[Role, ...] = ("normal", "provisional", "not_applicable")
"""The roles that the program gives itself, so that exactly one status must have each."""
WITHOUT_FIGURE: tuple[Role, ...] = ("not_applicable", "suppressed")
"""The roles of statuses under which there is no figure."""


class Status(Code, frozen=True, kw_only=True):
    """A status of figures."""

    figure: Literal["yes", "no", "may"]
    """Whether a figure stands with it: `yes`, `no` (the cell is empty wherever it is published, and never a
    zero), or `may` (the status says nothing of it).
    """
    role: Literal["", Role] = ""
    """The part that it plays for the program, which knows no status by its code: `normal` for a figure
    without any remark, `provisional` for one that its publisher may still change, `not_applicable` for a cell
    that can have no figure (one status each), `suppressed` for a figure withheld by a disclosure rule.
    """


@dataclass(frozen=True)
class Statuses:
    """The statuses by their places in the code list, which is how observations hold them."""

    codelist: CodeList

    @cached_property
    def all(self) -> tuple[Status, ...]:
        return tuple(code for code in self.codelist.codes if isinstance(code, Status))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The code of each place."""
        return tuple(code.code for code in self.codelist.codes)

    @cached_property
    def normal(self) -> int:
        return self._one("normal")

    @cached_property
    def provisional(self) -> int:
        return self._one("provisional")

    @cached_property
    def not_applicable(self) -> int:
        return self._one("not_applicable")

    @cached_property
    def without_figure(self) -> tuple[int, ...]:
        """Those under which there is no figure."""
        return tuple(n for n, status in enumerate(self.all) if status.figure == "no")

    @cached_property
    def untold(self) -> tuple[int, ...]:
        """Those of figures that exist and are not told: without a figure, though one could be there."""
        return tuple(n for n in self.without_figure if n != self.not_applicable)

    def __getitem__(self, code: str) -> int:
        return self.codelist.numbers[code]

    def _one(self, role: Role) -> int:
        return next(n for n, status in enumerate(self.all) if status.role == role)
