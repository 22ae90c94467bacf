"""Who is connected: so many at once, so many of one address. Addresses are known while they are connected, and written nowhere."""

import ipaddress
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from borderstats.serve.limits import Limits
from borderstats.serve.problem import Problem

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Visitor(Protocol):
    """A connection."""

    @property
    def idle(self) -> bool:
        """Whether no answer to it is under way."""
        ...

    def let_go(self) -> None:
        """Close it."""
        ...


class Door:
    """The open connections by the addresses they come from; those from a trusted proxy are counted by request instead."""

    def __init__(self, limits: Limits, proxies: Sequence[Network] = ()) -> None:
        self.limits, self.proxies = limits, proxies
        self._everyone: dict[Visitor, str] = {}
        self._by_address: dict[str, dict[Visitor, None]] = {}
        self._requests: Counter[str] = Counter()

    def is_proxy(self, address: str) -> bool:
        """Whether an address is that of a trusted proxy."""
        if not self.proxies:
            return False
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.proxies)

    def enter(self, visitor: Visitor, address: str) -> Problem | None:
        """Let a connection in. Where there are too many, the first one that is idle goes; if none is, the problem with this one."""
        own = self._by_address.setdefault(_household(address), {})
        self._everyone[visitor] = _household(address)
        own[visitor] = None
        if len(own) > self.limits.connections_of_one and not self.is_proxy(address):
            if _makes_room(own, visitor):
                return None
            return Problem(429, "too many connections from your address; close some", {"Retry-After": "5"})
        if len(self._everyone) > self.limits.connections and not _makes_room(self._everyone, visitor):
            return Problem(503, "too many connections; try again in a moment", {"Retry-After": "1"})
        return None

    def leave(self, visitor: Visitor) -> None:
        """A connection is closed."""
        if address := self._everyone.pop(visitor, ""):
            own = self._by_address[address]
            own.pop(visitor, None)
            if not own:
                del self._by_address[address]

    @contextmanager
    def asked(self, peer: str, forwarded: str) -> Iterator[None]:
        """While a request is answered that a trusted proxy hands on for another address. Raises Problem if that one has too many."""
        address = forwarded.rpartition(",")[2].strip()
        if not address or not self.is_proxy(peer):
            yield
            return
        address = _household(address)
        if self._requests[address] >= self.limits.connections_of_one:
            raise Problem(
                429, "too many requests at once from your address; wait for some", {"Retry-After": "5"}
            )
        self._requests[address] += 1
        try:
            yield
        finally:
            self._requests[address] -= 1
            if not self._requests[address]:
                del self._requests[address]


def _makes_room(among: Iterable[Visitor], but: Visitor) -> bool:
    """Whether one of them was idle, and has been let go."""
    for one in among:
        if one is not but and one.idle:
            one.let_go()
            return True
    return False


def _household(address: str) -> str:
    """Whom an address belongs to: of IPv6 a network of 64 bits is one household's."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
