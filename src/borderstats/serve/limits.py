"""How much one request, and all of them together, may ask of the server."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of requests. Whoever needs more takes the files of the release, which have none.

    `observations` in one answer, `codes` named in one request, characters of an `address`, `seconds` of a query, queries
    that run `at_once` and that `wait`, and for how many seconds at most (`patience`), `memory` of the database in megabytes.

    `connections` that are open, of all and of one address (`connections_of_one`); bytes of a request's first line and `headers`;
    seconds until these have come (`asking`), between requests (`idle`) and for a reader to take a piece of an answer (`reading`).
    """

    observations: int = 250_000
    codes: int = 1_000
    address: int = 8_000
    seconds: float = 10.0
    at_once: int = 4
    wait: int = 64
    patience: float = 5.0
    memory: int = 1_024
    connections: int = 2_000
    connections_of_one: int = 256
    headers: int = 32_000
    asking: float = 15.0
    idle: float = 30.0
    reading: float = 30.0
