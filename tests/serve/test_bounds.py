"""What is sent to the server has bounds, on the wire: each is refused with its status, and shuts nobody else out."""

import contextlib
import json
import socket
import threading
import time

import httpx
import pytest

from serving import serving


@pytest.fixture(scope="module")
def office(office_published, tmp_path_factory):
    with serving(office_published, tmp_path_factory.mktemp("bounds") / "log") as served:
        yield served


def connected(served, timeout=20):
    host, port = served.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=timeout)


def everything(one):
    """All that comes until the other side closes."""
    found = b""
    try:
        while piece := one.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def asked(served, data):
    """The status, headers and body of what is answered to these bytes, after which the connection is closed."""
    with connected(served) as one:
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            one.sendall(data)
        head, _, body = everything(one).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, body


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400, "names its host once, this one 0 times"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "this one 2 times"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", 431, "longer than 32,000 bytes"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 40_000, 431, "longer than 32,000 bytes"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 9_000, 431, "longer than 32,000 bytes"),
        (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414, "longer than 8,000 characters"),
        (b"GET /" + b"a" * 40_000, 414, "longer than 8,000 characters"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde", 413, "no body"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000000\r\n\r\n", 413, "no body"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", 413, "no body"),
        (b"POST / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "for reading only"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n", 405, "for reading only"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", 405, "for reading only"),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405, "for reading only"),
        (b"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", 400, "the address of the request"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "no request of HTTP/1.1"),
        (b"\x16\x03\x01\x02\x00\x01", 400, "no request of HTTP/1.1"),
    ],
)  # fmt: skip
def test_what_is_refused_before_it_is_read(office, data, status, said):
    began = time.monotonic()
    found, headers, body = asked(office, data)
    assert time.monotonic() - began < 5
    assert (found, headers["content-type"]) == (status, "application/problem+json")
    problem = json.loads(body)
    assert problem["status"] == status
    assert said in problem["detail"]
    assert headers["cache-control"] == "no-store"
    assert headers["connection"] == "close"
    assert headers["access-control-allow-origin"] == "*"
    if status == 405:
        assert headers["allow"] == "GET, HEAD, OPTIONS"


def test_headers_of_fifty_megabytes_are_not_taken(office):
    sent = 0
    with connected(office) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        line = b"X-A: " + b"a" * 100_000 + b"\r\n"
        try:
            for _ in range(500):
                one.sendall(line)
                sent += len(line)
        except (ConnectionResetError, BrokenPipeError):
            pass
    assert sent < 20_000_000
    assert office.get("/live").status_code == 200


def test_http_1_0_needs_no_host(office):
    status, headers, _ = asked(office, b"GET /live HTTP/1.0\r\n\r\n")
    assert (status, headers["connection"]) == (200, "close")


def test_requests_that_follow_each_other_on_one_connection(office):
    with connected(office) as one:
        one.sendall(b"GET /live HTTP/1.1\r\nHost: a\r\n\r\n" * 5 + b"POST / HTTP/1.1\r\nHost: a\r\n\r\n")
        found = everything(one)
    assert found.count(b"HTTP/1.1 200") == 5
    assert found.rindex(b"HTTP/1.1 405") > found.rindex(b"HTTP/1.1 200")


@pytest.mark.slow
def test_posts_without_their_bodies_shut_nobody_out(office):
    began = time.monotonic()
    held = []
    try:
        for _ in range(2_050):
            one = connected(office)
            one.sendall(b"POST /api/datasets HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
            held.append(one)
            if len(held) % 200 == 0:
                assert office.get("/live").status_code == 200
        asked_at = time.monotonic()
        assert office.get("/api/datasets").status_code == 200
        assert time.monotonic() - asked_at < 2
    finally:
        for one in held:
            one.close()
    assert time.monotonic() - began < 60


def test_connections_of_one_address_make_room_for_each_other_and_busy_ones_stay(office_published, tmp_path):
    with serving(office_published, tmp_path / "log", "--connections", "5") as served:
        lazy = connected(served)
        # It does not read its answer, which is too long for what the system holds for it.
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        idle = [connected(served) for _ in range(20)]
        time.sleep(0.2)
        assert served.get("/live").status_code == 200
        gone = 0
        for one in idle:
            one.settimeout(0.05)
            try:
                gone += one.recv(1) == b""
            except ConnectionResetError:
                gone += 1
            except TimeoutError:
                pass
            one.close()
        assert 15 <= gone < 20
        lazy.close()


def test_behind_a_proxy_readers_are_counted_by_the_address_that_it_says(office_published, tmp_path):
    """A proxy has many connections; each reader behind it has as many requests at once as a reader has connections."""
    options = ("--connections", "2", "--proxy", "127.0.0.1")
    with serving(office_published, tmp_path / "log", *options) as served:

        def ask(number):
            with httpx.Client(headers={"X-Forwarded-For": f"203.0.113.{number}"}) as client:
                return [client.get(f"{served.url}/api/datasets").status_code for _ in range(5)]

        found = []
        askers = [threading.Thread(target=lambda n=n: found.extend(ask(n))) for n in range(10)]
        for one in askers:
            one.start()
        for one in askers:
            one.join()
        assert found == [200] * 50
        assert "203.0.113" not in served.log.read_text()


def test_an_idle_connection_is_closed_and_a_late_request_too(office):
    with connected(office, timeout=40) as one:
        one.sendall(b"GET /live HTTP/1.1\r\nHost: a\r\n")
        began = time.monotonic()
        assert everything(one) == b""
        assert time.monotonic() - began < 20


def test_what_was_refused_is_in_the_log_and_the_meters(office):
    asked(office, b"DELETE / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert '"event":"refused","status":405' in office.log.read_text()
    assert 'borderstats_requests_total{route="none",status="405"}' in httpx.get(office.meters).text
