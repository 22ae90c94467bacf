"""A small standard of five datasets, whose one source each test describes itself, and small sheets to read with it."""

import functools
import io
import shutil
import tempfile
from pathlib import Path

import openpyxl

from borderstats.intake.read import read_file
from borderstats.standard.load import load
from borderstats.standard.model import Standard

REAL = Path(__file__).parents[2] / "standard"

CITIZENSHIPS = {"MEX": "Mexico", "GTM": "Guatemala", "SLV": "El Salvador", "HND": "Honduras", "CUB": "Cuba"}
AGENCIES = {"USBP": "Border Patrol", "OFO": "Field Operations"}
LISTS = {
    "citizenship": {"_T": "Total", "_U": "Unknown", **CITIZENSHIPS},
    "agency": {"_T": "All agencies", "_U": "Agency unknown", **AGENCIES},
    "freq": {
        "M": "monthly",
        "Q": "quarterly",
        "A": "yearly",
        "SM": "half-monthly",
        "W": "weekly",
        "D": "daily",
    },
    "unit": {"EVENTS": "events", "USD": "dollars"},
}
# `total` is how the dimension citizenship comes to its total
DATASETS = {
    "events": {},
    "persons": {},
    "arrests": {"total": "sum"},
    "money": {"total": "sum", "unit": "USD", "decimals": 2, "negative": "true"},
    "tens": {"rounding": 10},
}


@functools.cache
def standard_of(source: str, form: str = "workbook") -> Standard:
    """The small standard with one source, whose TOML (without what every source says) is given."""
    with tempfile.TemporaryDirectory() as folder:
        return load(written(Path(folder) / "standard", source, form))


def written(root: Path, source: str, form: str = "workbook") -> Path:
    """The folder of the small standard."""
    for part in ("codelists", "datasets", "sources"):
        (root / part).mkdir(parents=True)
    for name in ("office.toml", "calendar.toml", "codelists/obs_status.csv", "codelists/month.csv"):
        shutil.copy(REAL / name, root / name)
    concepts = ("citizenship", "agency")
    (root / "concepts.toml").write_text(
        "".join(
            f'[{name}]\nlabel = "{name}"\nlabel_es = "{name}"\ndefinition = "{name}"\ncodelist = "{name}"\n'
            for name in concepts
        )
    )
    for name, codes in LISTS.items():
        rows = [f'{code},"{label}","{label}"\n' for code, label in codes.items()]
        (root / f"codelists/{name}.csv").write_text("code,label_en,label_es\n" + "".join(rows))
    for name, said in DATASETS.items():
        (root / f"datasets/{name}.toml").write_text(_dataset(name, **said))
    (root / "sources/made.toml").write_text(
        f'id = "made"\ntitle = "Made by hand"\npublisher = "nobody"\nlicence = "none"\nformat = "{form}"\n'
        + source
    )
    return root


def _dataset(name, total="published", unit="EVENTS", **numbers):
    said = "".join(f"{field} = {value}\n" for field, value in numbers.items())
    return f"""\
id = "{name}"
title = "{name}"
title_es = "{name}"
counts = "{name}, made by hand"
unit = "{unit}"
provisions = []
{said}
[[dimensions]]
concept = "citizenship"
total = "{total}"

[[dimensions]]
concept = "agency"
total = "published"
"""


def book(*sheets, **named):
    """A workbook: one sheet from rows (and the ranges merged in it), or several by name."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, (rows, *merged) in {
        **{f"Sheet{n}": s for n, s in enumerate(map(_sheet, sheets), 1)},
        **{n: _sheet(s) for n, s in named.items()},
    }.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append([None if cell == "" else cell for cell in row])
        for cells in merged:
            page.merge_cells(cells)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _sheet(given):
    return given if isinstance(given, tuple) else (given,)


def document(*pages):
    """A PDF in which each page is lines of Courier, so that characters below one another stand in one column."""
    objects = [b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"]
    kids = []
    parent = 2 + 2 * len(pages)
    for lines in pages:
        shown = b"".join(b"(" + _escaped(line) + b") Tj T*\n" for line in lines)
        content = b"BT /F1 10 Tf 12 TL 20 800 Td\n" + shown + b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 1200 842] /Resources << /Font << /F1 1 0 R >> >> "
            b"/Contents %d 0 R >>" % (parent, len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects.append(b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(kids), len(kids)))
    objects.append(b"<< /Type /Catalog /Pages %d 0 R >>" % parent)
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(objects), len(data))
    )


def _escaped(line):
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("latin-1")


def reading(standard, data, as_of=None, name="made"):
    """What came of a file, with the promise kept that no row of it is lost."""
    found = read_file(standard, name, data, as_of, "made")
    assert found.rows == found.accepted + found.left_out + found.refused
    assert found.accepted >= 0
    return found


def cells(observations):
    """Observations in words: `citizenship=MEX 2023-10` to value and status."""
    codes = observations.space.statuses.codes
    return {
        observations.space.text(int(key)): (int(value), codes[status])
        for key, value, status in zip(observations.key, observations.value, observations.status, strict=True)
    }


def figures(standard, data, as_of=None):
    """As `cells`, of a file that feeds one dataset and of which nothing is refused."""
    found = reading(standard, data, as_of)
    assert [refusal.text("made") for refusal in found.refusals] == []
    return cells(found.observations)


def refusals(standard, data, as_of=None):
    """The texts of the refused rows."""
    return [refusal.text("made") for refusal in reading(standard, data, as_of).refusals]
