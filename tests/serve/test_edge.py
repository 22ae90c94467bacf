"""What goes wrong behind the edge is answered, and is our fault or the reader's: it is never taken for the other."""

import asyncio
import errno
import io
import json

import pytest

from borderstats.serve.checked import Altered
from borderstats.serve.door import Door
from borderstats.serve.edge import Edge, Log, Meters
from borderstats.serve.limits import Limits

SCOPE = {"type": "http", "method": "GET", "path": "/x", "raw_path": b"/x", "query_string": b"", "headers": []}


def answered(inner, send=None, **limits):
    """What is sent when the application inside does that, and the log."""
    sent, log = [], io.StringIO()

    async def keep(message):
        sent.append(message)

    edge = Edge(inner, Meters(), Log(log), Door(Limits(**limits)))
    asyncio.run(edge(dict(SCOPE), None, send or keep))
    return sent, [json.loads(line) for line in log.getvalue().splitlines()]


def raising(error, *, after=False):
    async def inner(_scope, _receive, send):
        if after:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return inner


@pytest.mark.parametrize(
    ("error", "event"),
    [
        (OSError(errno.EIO, "Input/output error"), "error"),
        (TimeoutError(errno.ETIMEDOUT, "Connection timed out"), "error"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "error"),
        (Altered("releases/x/y.csv", "missing"), "not-sent"),
        (ZeroDivisionError(), "error"),
    ],
)
def test_faults_of_the_disk_are_ours(error, event):
    (start, body), log = answered(raising(error))
    assert start["status"] == 500
    headers = dict(start["headers"])
    assert headers[b"content-type"] == b"application/problem+json"
    assert headers[b"cache-control"] == b"no-store"
    assert json.loads(body["body"])["status"] == 500
    assert [line["event"] for line in log] == [event, "request"]
    assert log[1]["status"] == 500


def test_a_fault_in_the_middle_of_an_answer_ends_it():
    sent, log = answered(raising(OSError(errno.EIO, "Input/output error"), after=True))
    assert [message["type"] for message in sent] == ["http.response.start"]
    assert log[0]["reason"] == "Input/output error"


def test_a_reader_who_does_not_read_is_let_go():
    async def never(_message):
        await asyncio.sleep(60)

    async def inner(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    _, log = answered(inner, never, reading=0.05)
    assert [line["event"] for line in log] == ["request"]
