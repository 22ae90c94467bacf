"""Words of a release, to be looked up: titles, codes and notes in its languages (SQLite's full-text index)."""

import re
import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

from borderstats.package import addresses
from borderstats.package.model import Package


class Index:
    """An index in memory; it is read by several threads, one at a time."""

    def __init__(self, package: Package) -> None:
        self.lock = threading.Lock()
        self.columns = ", ".join(
            ("kind", "id", *(f"title_{one}" for one in package.standard.office.languages), "url")
        )
        self.database = sqlite3.connect(":memory:", check_same_thread=False)
        self.database.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(kind UNINDEXED, id, title_en UNINDEXED, title_es UNINDEXED, "
            "url UNINDEXED, title, body, tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
        )
        self.database.executemany("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)", _texts(package))

    def look_up(self, words: str, limit: int) -> list[dict[str, Any]]:
        """The best matches first: every word must occur, the last may be the beginning of one."""
        tokens = re.findall(r"\w+", words)[:20]
        if not tokens:
            return []
        # Each word is quoted, so nothing of it is an operator of the index.
        match = " ".join(f'"{token}"' for token in tokens) + "*"
        with self.lock:
            rows = self.database.execute(
                f"SELECT {self.columns}, snippet(texts, 6, '', '', '...', 24) FROM texts "  # noqa: S608 (ours)
                "WHERE texts MATCH ? ORDER BY bm25(texts, 0, 8, 0, 0, 0, 5, 1), rowid LIMIT ?",
                (match, limit),
            ).fetchall()
        names = (*self.columns.split(", "), "text")
        return [dict(zip(names, row, strict=True)) for row in rows]


def _texts(package: Package) -> Iterator[tuple[str, ...]]:
    """Rows of the index in the order of the release."""
    for dataset in package.datasets.values():
        meta = dataset.meta
        body = " ".join(
            (
                meta.counts,
                meta.trap,
                *meta.notes,
                *(one.definition for one in meta.dimensions),
                meta.unit.note,
            )
        )
        url = f"../{addresses.dataset(meta.id)}"
        yield "dataset", meta.id, meta.title.en, meta.title.es, url, f"{meta.title.en} {meta.title.es}", body
    for provision in package.provisions:
        title = provision.title
        body = " ".join((provision.text, *provision.unknown, *(one.title.en for one in provision.indicators)))
        spanish = " ".join(one.title.es for one in provision.indicators)
        url = f"../{addresses.provision(provision)}"
        yield (
            "provision",
            str(provision.number),
            title.en,
            title.es,
            url,
            f"{title.en} {title.es}",
            f"{body} {spanish}",
        )
    for name, codes in package.standard.lists.items():
        for code in codes:
            if code.code[0] != "_":
                url = f"../sdmx/3/structure/codelist/{package.standard.publisher.id}/CL_{name.upper()}/~/{code.code}"
                both = f"{code.label_en} {code.label_es}"
                yield (
                    "code",
                    f"{name}={code.code}",
                    code.label_en,
                    code.label_es,
                    url,
                    both,
                    f"{code.code} {code.note}",
                )
