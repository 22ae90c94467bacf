from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints32: TypeAlias = npt.NDArray[np.int32]

UNTRIED: int

class Moves:
    operations: int
    def __init__(self, slack: Ints32, starts: Ints32, cells: Ints32) -> None: ...
    def publish(self, starts: Ints32, ends: Ints32, cells: Ints32, rescues: int, most: int) -> Ints32: ...
    def feasible_moves(self) -> tuple[npt.NDArray[np.int64], Ints32, Ints32]: ...
