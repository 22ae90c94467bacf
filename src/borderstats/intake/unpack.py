"""Packed files within bounds: what a few megabytes unpack to is counted, in pieces, before anything is kept."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from borderstats.errors import InputError

MOST = 512 << 20
"""No published table unpacks to more bytes than 512 MiB; the largest in the archive has 50."""

_PIECE = 1 << 20
_MOST_PARTS = 10_000
_LOCAL_HEADER = 30


def gunzipped(name: str, data: bytes) -> bytes:
    """The bytes in a gzip file; InputError if it is cut off, broken, or unpacks to more than 512 MiB."""
    try:
        size = 0
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            while piece := packed.read(_PIECE):
                size += len(piece)
                check_size(name, size, "the gzip file")
        return gzip.decompress(data)
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(f"{name}: the gzip file is cut off or broken ({error}); fetch it again") from None


def check_size(name: str, size: int, what: str) -> None:
    """Raise InputError if something unpacks to more than 512 MiB."""
    if size > MOST:
        raise InputError(
            f"{name}: {what} unpacks to more than {MOST >> 20} MiB, which no published table does; "
            "it was made to fill the memory, or is not the publisher's file. Fetch it again"
        )


def broken(name: str, why: object) -> InputError:
    """The error of a workbook that cannot be read."""
    return InputError(
        f"{name}: the workbook is cut off or broken ({' '.join(str(why).split())}); fetch it again"
    )


@dataclass(frozen=True)
class Package:
    """The parts of a new workbook (.xlsx), a ZIP file. Parts are found by their names in any case.

    A part is given in pieces, and unpacked by its bytes and not by the size that it states: InputError if the two
    differ, if it is broken, or if all parts together state more than 512 MiB.
    """

    name: str
    data: bytes

    @cached_property
    def parts(self) -> dict[str, zipfile.ZipInfo]:
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as packed:
                listed = packed.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise broken(self.name, "Cannot detect file format") from None
        check_size(self.name, sum(part.file_size for part in listed), "the workbook")
        found = {part.filename.lower(): part for part in listed}
        if len(found) < len(listed) or len(found) > _MOST_PARTS:
            raise broken(self.name, "a part stands in it twice, or there are too many")
        return found

    def pieces(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, at most a mebibyte at a time."""
        found = self.parts.get(part.lower())
        if found is None:
            raise broken(self.name, f"it has no part {part}")
        size, check = 0, 0
        try:
            for piece in self._inflated(found):
                size, check = size + len(piece), zlib.crc32(piece, check)
                if size > found.file_size:
                    break
                yield piece
        except (zlib.error, struct.error) as error:
            raise broken(self.name, error) from None
        if size != found.file_size or check != found.CRC:
            raise broken(self.name, f"{part} is not what the file says of it")

    def _inflated(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        start = part.header_offset + _LOCAL_HEADER
        start += sum(struct.unpack("<HH", self.data[start - 4 : start]))
        packed = memoryview(self.data)[start : start + part.compress_size]
        if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken(self.name, f"{part.filename} is encrypted or packed in an unusual way")
        for place in range(0, len(packed), _PIECE):
            piece = packed[place : place + _PIECE]
            if part.compress_type == zipfile.ZIP_STORED:
                yield bytes(piece)
                continue
            if not place:
                stream = zlib.decompressobj(-zlib.MAX_WBITS)
            rest = bytes(piece)
            while rest:
                yield stream.decompress(rest, _PIECE)
                rest = stream.unconsumed_tail
        if part.compress_type == zipfile.ZIP_DEFLATED and packed:
            while last := stream.decompress(b"", _PIECE):
                yield last


def whole_tags(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of a text in XML, joined so that no tag is cut in two."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        cut = text.rfind(b"<")
        if cut < 0 or len(text) - cut > 2 * _PIECE:
            cut = len(text)
        yield text[:cut]
        rest = text[cut:]
    yield rest
