"""Texts of the standard in which the properties of the newest edition are filled in: `dollars of {price_base}`."""

from collections.abc import Mapping

import numpy as np

from borderstats import periods
from borderstats.release import price_bases
from borderstats.release.vintages import History
from borderstats.standard.properties import PRICE_BASE, placeholders


def text(history: History, written: str, where: Mapping[str, str] | None = None, language: str = "en") -> str:
    """A text of a dataset, or of a chart or an indicator of the cells `where`, for what is known now."""
    if not any(name == PRICE_BASE for name in placeholders(written)):
        return written
    return written.replace(f"{{{PRICE_BASE}}}", _price_base(history, where or {}, language))


def _price_base(history: History, where: Mapping[str, str], language: str) -> str:
    """`FY2021`; where parts differ, `FY2021 for obligations and disbursements, FY2019 for initial allocations`."""
    parts = np.array(sorted(history.newest_bases), np.int64)
    own = {
        name: tuple(code.split("|")) for name, code in where.items() if name in price_bases.by(history.space)
    }
    named: dict[str, list[str]] = {}
    for part in parts[history.space.matches(parts, own)].tolist():
        named.setdefault(_period(history.newest_bases[part], language), []).append(
            _part(history, part, language)
        )
    if len(named) <= 1:
        return next(iter(named), "")
    conjunction, of = ("y", "para") if language == "es" else ("and", "for")
    said = []
    for base, names in sorted(named.items(), reverse=True):
        *first, last = names
        listed = f"{', '.join(first)} {conjunction} {last}" if first else last
        said.append(f"{base} {of} {listed}")
    return ", ".join(said)


def _part(history: History, part: int, language: str) -> str:
    space = history.space
    labels = []
    for name in price_bases.by(space):
        code = space.codelists[name].codes[int(space.digit(np.array([part]), name)[0])]
        labels.append((language == "es" and code.label_es) or code.label_en)
    return ", ".join(labels)


def _period(period: int, language: str) -> str:
    """A period as the titles of the standard write it: a fiscal year is an `año fiscal` in Spanish."""
    if period == price_bases.NONE:
        return {"es": "un año desconocido"}.get(language, "an unknown year")
    written = periods.text(period)
    return written.replace("FY", "AF") if language == "es" else written
