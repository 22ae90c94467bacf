"""Workbooks of the archive with one cell or name made otherwise, as their publishers or other programs once made them."""

import io
import re
import zipfile

from test_archive_files import content


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed_again(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


def edited(name, part, **cells):
    """A file of the archive in which cells of a part are others: what stands in each, in XML, by its place."""
    return with_cells(content(name), part, **cells)


def with_cells(data, part, **cells):
    """A workbook with other cells, each a pair of its attributes and what is in it; of one without a pair it is left out."""
    parts = parts_of(data)
    text = parts[part].decode()
    for place, (own, inside) in cells.items():
        text, found = re.subn(
            rf'<c r="{place}"([^>]*?)(?:/>|>.*?</c>)', _cell(place, own, inside), text, count=1
        )
        assert found, place
    return packed_again({**parts, part: text.encode()})


def _cell(place, own, inside):
    def made(match):
        style = "".join(re.findall(r' s="\d+"', match[1]))
        return f'<c r="{place}"{style}{own}>{inside}</c>'

    return made
