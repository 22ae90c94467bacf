"""Ranges, conditions and codings of files and answers (RFC 9110), on the real server."""

import gzip
import http.client

import httpx
import pyarrow as pa
import pytest

from borderstats.serve import encode
from serving import serving

CSV = "/data/cargo/history.csv"


@pytest.fixture(scope="module")
def office(office_published, tmp_path_factory):
    with serving(office_published, tmp_path_factory.mktemp("replies") / "log") as served:
        yield served


@pytest.fixture(scope="module")
def data(office):
    return next((office.public / "releases").iterdir()).joinpath(CSV[1:]).read_bytes()


def raw(served, path, method="GET", **headers):
    """A request with these headers and no other ones; status, headers, body as it comes."""
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=20)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


@pytest.mark.parametrize(
    "wanted",
    ["items=0-5", "bytes=5-2", "bytes=a-b", "bytes=-", "bytes=", "bytes 0-5", "bytes=" + "9" * 5_000 + "-"],
)
def test_a_range_that_makes_no_sense_is_ignored(office, data, wanted):
    status, headers, body = raw(office, CSV, Range=wanted)
    assert (status, body) == (200, data)
    assert headers["accept-ranges"] == "bytes"


def test_ranges_that_can_be_met_are(office, data):
    size = len(data)
    for wanted, first, last in (
        ("0-0", 0, 0),
        ("5-", 5, size - 1),
        ("-7", size - 7, size - 1),
        (f"3-{size * 9}", 3, size - 1),
    ):
        status, headers, body = raw(office, CSV, Range=f"bytes={wanted}")
        assert (status, body) == (206, data[first : last + 1])
        assert headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert headers["content-length"] == str(len(body))
    status, _, body = raw(office, CSV, Range=f"bytes=0-9,{size}-")
    assert (status, body) == (206, data[:10])


def test_several_ranges_are_parts_of_one_answer(office, data):
    status, headers, body = raw(office, CSV, Range="bytes=0-4, 10-14,-3")
    assert status == 206
    kind, _, boundary = headers["content-type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    assert headers["content-length"] == str(len(body))
    parts = body.split(b"--" + boundary.encode())
    assert parts[-1] == b"--\r\n"
    found = [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts[1:-1]]
    assert found == [data[:5], data[10:15], data[-3:]]


@pytest.mark.parametrize("wanted", ["bytes=9999999-", "bytes=-0", "bytes=0-0,2-2,4-4,6-6,8-8,10-10"])
def test_ranges_that_cannot_be_met(office, data, wanted):
    status, headers, _ = raw(office, CSV, Range=wanted)
    assert (status, headers["content-type"]) == (416, "application/problem+json")
    assert headers["content-range"] == f"bytes */{len(data)}"


def test_a_range_of_something_else_is_the_whole(office, data):
    tag, date = (raw(office, CSV)[1][name] for name in ("etag", "last-modified"))
    for condition, status in (
        (tag, 206),
        (date, 206),
        ('"x"', 200),
        (f"W/{tag}", 200),
        ("Thu, 01 Jan 2015 00:00:00 GMT", 200),
    ):
        assert raw(office, CSV, **{"Range": "bytes=0-4", "If-Range": condition})[0] == status, condition


def test_conditions_for_the_answer_as_it_was(office):
    for path in (CSV, "/api/search?q=cargo"):
        _, headers, _ = raw(office, path)
        tag, date = headers["etag"], headers["last-modified"]
        for condition, status in (
            ({"If-Match": tag}, 200),
            ({"If-Match": f'"x", {tag}'}, 200),
            ({"If-Match": "*"}, 200),
            ({"If-Match": '"x"'}, 412),
            ({"If-Match": f"W/{tag}"}, 412),
            ({"If-Unmodified-Since": date}, 200),
            ({"If-Unmodified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}, 412),
            ({"If-Unmodified-Since": "soon"}, 200),
            ({"If-None-Match": tag}, 304),
            ({"If-None-Match": "*"}, 304),
            ({"If-None-Match": '"x"', "If-Modified-Since": date}, 200),
            ({"If-Modified-Since": date}, 304),
            # Newer than what is there: what the client has was taken back since.
            ({"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 200),
            ({"If-Modified-Since": "soon"}, 200),
        ):  # fmt: skip
            assert raw(office, path, **condition)[0] == status, (path, condition)


def unpacked(body, coding, size):
    match coding:
        case "":
            return body
        case "gzip":
            return gzip.decompress(body)
        case "br" | "zstd":
            name = "brotli" if coding == "br" else coding
            return pa.decompress(body, size, codec=name, asbytes=True)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0.0", ""),
        ("gzip; q=0.000", ""),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=x", ""),
        ("gzip;q=0.5, identity", ""),
        ("gzip, identity;q=0.5", "gzip"),
        ("*", "zstd"),
        ("*;q=0", ""),
        ("*;q=0, gzip", "gzip"),
        ("zstd;q=0, *", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("deflate", ""),
        ("identity", ""),
        (",;,q", ""),
    ],
)
def test_the_coding_with_the_greatest_weight(office, data, accepted, coding):
    assert encode.coding(accepted) == coding
    for path in (CSV, "/sdmx/2.1/dataflow"):
        plain = raw(office, path)[2]
        status, headers, body = raw(office, path, **{"Accept-Encoding": accepted})
        assert (status, headers.get("content-encoding", "")) == (200, coding)
        assert "Accept-Encoding" in headers["vary"]
        assert unpacked(body, coding, len(plain)) == plain
        again = raw(office, path, **{"Accept-Encoding": accepted, "If-None-Match": headers["etag"]})
        assert (again[0], again[1]["etag"]) == (304, headers["etag"])
        assert (headers["etag"] == raw(office, path)[1]["etag"]) == (coding == "")


def test_head_of_everything(office):
    for path in (CSV, "/", "/live", "/nothing", "/api/datasets/cargo/observations?format=csv"):
        status, headers, body = raw(office, path, "HEAD")
        assert body == b""
        got = raw(office, path)
        assert (status, headers["content-length"]) == (got[0], str(len(got[2])))
    assert raw(office, CSV, "HEAD", Range="bytes=0-4")[1]["content-length"] == "5"


def test_other_sites_may_ask_with_the_headers_that_scripts_send(office):
    wanted = "Content-Type, Cache-Control, Pragma, Range, If-Match"
    response = httpx.options(
        f"{office.url}/api/datasets",
        headers={"Origin": "https://x.example", "Access-Control-Request-Headers": wanted},
    )
    allowed = {one.strip().lower() for one in response.headers["access-control-allow-headers"].split(",")}
    assert {one.strip().lower() for one in wanted.split(",")} <= allowed


def test_the_pointer_is_on_the_server_too(office):
    response = office.get("/latest.json")
    assert response.content == (office.public / "latest.json").read_bytes()
    assert response.headers["cache-control"] == "no-cache"
