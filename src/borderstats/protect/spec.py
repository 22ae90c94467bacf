"""What a statistician says about a table of counts: its dimensions, their levels, and from which count on a cell is safe."""

from pathlib import Path

import msgspec

from borderstats.errors import InputError
from borderstats.standard.struct import Struct


class DimensionSpec(Struct, frozen=True):
    """A dimension: the column with its codes, and the columns of its parent levels, the nearest first."""

    name: str
    parents: tuple[str, ...] = ()


class Spec(Struct, frozen=True):
    """A table of counts: the column with the count, the smallest count that is safe, and the dimensions.

    A count from 1 to `threshold` - 1 is sensitive, in inner cells and in margins.
    """

    count: str
    threshold: int
    dimension: tuple[DimensionSpec, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of codes, dimension by dimension, each before its parents."""
        return tuple(name for one in self.dimension for name in (one.name, *one.parents))


def read(path: Path) -> Spec:
    """Read a specification. Raises InputError: file, place in it, what to do."""
    try:
        spec = msgspec.toml.decode(path.read_bytes(), type=Spec)
    except msgspec.ValidationError as error:
        raise InputError(
            f"{path.name}: {error}; a specification holds count, threshold, and [[dimension]] with name and parents"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: is no TOML: {error}") from None
    if spec.threshold < 2:
        raise InputError(f"{path.name}: $.threshold: at least 2, for with less no count is sensitive")
    if not spec.dimension:
        raise InputError(f"{path.name}: $.dimension: name at least one")
    seen: set[str] = {spec.count}
    for name in spec.columns:
        if name in seen:
            raise InputError(f"{path.name}: the column {name!r} is named twice; each has one part to play")
        seen.add(name)
    return spec
