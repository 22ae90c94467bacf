"""One thread that stops queries which run for too long: a thread for each would cost more than the query."""

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Protocol

_EVERY = 0.1


class Stoppable(Protocol):
    """What can be stopped from another thread, such as a cursor of DuckDB."""

    def interrupt(self) -> None: ...


class Watch:
    """Watches what runs; its thread starts with the first use and ends with the program."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[Stoppable, float]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def over(self, one: Stoppable, seconds: float) -> Iterator[None]:
        """While the block runs: interrupt it once so many seconds are over, and until it ends."""
        with self._lock:
            self._running[id(one)] = one, time.monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                del self._running[id(one)]

    def _look(self) -> None:
        while True:
            time.sleep(_EVERY)
            now = time.monotonic()
            # With the lock, so that nothing is interrupted that has ended.
            with self._lock:
                for one, until in self._running.values():
                    if until < now:
                        one.interrupt()


WATCH = Watch()
