"""Files, conditional requests, ranges, compression, headers."""

import gzip
import hashlib

import httpx
import pytest

FLOW = "cbp-encounters-state"


@pytest.fixture(scope="module")
def file(served):
    return f"/releases/{served.release}/data/{FLOW}/latest.parquet"


def plain(served, path, **headers):
    """Without the compression that httpx asks for and undoes."""
    return served.get(path, **{"Accept-Encoding": "identity", **headers})


def test_every_file_of_the_release_is_served_as_it_is(served, release):
    for path in ("manifest.json", "gates.json", f"data/{FLOW}/latest.csv", f"data/{FLOW}/latest.parquet"):
        for accepted in ("gzip", "identity"):
            response = served.get(f"/releases/{served.release}/{path}", **{"Accept-Encoding": accepted})
            assert response.content == (release / path).read_bytes()
            assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_pages_and_newest_files_under_addresses_that_stay(served, release):
    assert b"<html" in served.get("/").content
    assert served.get("/").content == served.get("/index.html").content
    newest = served.get(f"/data/{FLOW}/latest.csv")
    assert newest.content == (release / f"data/{FLOW}/latest.csv").read_bytes()
    assert "immutable" not in newest.headers["cache-control"]
    response = served.get(f"/latest/data/{FLOW}/latest.csv")
    assert response.status_code == 302
    leads = response.url.join(response.headers["location"])
    assert leads.path == f"/releases/{served.release}/data/{FLOW}/latest.csv"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/data/cbp-encounters-state/latest.parquet",
        "/api/datasets",
        "/sdmx/2.1/dataflow",
        f"/sdmx/3/data/dataflow/*/{FLOW}/~/*?c[STATE]=TX",
    ],
)
@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_conditional_requests(served, path, accepted):
    first = served.get(path, **{"Accept-Encoding": accepted})
    assert first.status_code == 200
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for headers in ({"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-Modified-Since": date}):
        again = served.get(path, **{"Accept-Encoding": accepted, **headers})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    for headers in ({"If-None-Match": '"x"'}, {"If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}):
        assert served.get(path, **headers).status_code == 200


def test_tags_differ_by_what_was_asked_for_and_how(served):
    path = f"/sdmx/2.1/data/{FLOW}/M.SW.TX.SA.MEX.T8"
    tags = {
        plain(served, path).headers["etag"],
        plain(served, path + "?startPeriod=2024").headers["etag"],
        plain(served, path, Accept="text/csv").headers["etag"],
        served.get(path, **{"Accept-Encoding": "gzip"}).headers["etag"],
    }
    assert len(tags) == 4


def test_ranges(served, file, release):
    data = (release / f"data/{FLOW}/latest.parquet").read_bytes()
    for wanted, found in (("0-99", data[:100]), ("100-", data[100:]), ("-50", data[-50:])):
        response = plain(served, file, Range=f"bytes={wanted}")
        assert (response.status_code, response.content) == (206, found)
        assert response.headers["content-range"].endswith(f"/{len(data)}")
    tag = plain(served, file).headers["etag"]
    assert plain(served, file, Range="bytes=0-9", **{"If-Range": tag}).status_code == 206
    assert plain(served, file, Range="bytes=0-9", **{"If-Range": '"old"'}).status_code == 200
    assert plain(served, file, Range=f"bytes={len(data)}-").status_code == 416
    assert plain(served, file, Range="bytes=0-0,2-2,4-4,6-6,8-8,10-10").status_code == 416
    assert served.get(file, Range="bytes=0-9").content == data[:10]


def test_compression(served):
    with httpx.stream("GET", f"{served.url}/api/datasets", headers={"Accept-Encoding": "gzip"}) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain(served, "/api/datasets").content
    assert "content-encoding" not in plain(served, "/api/datasets").headers
    refused = served.get("/api/datasets", **{"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


def test_head_is_get_without_a_body(served, file):
    for path in ("/", file, "/api/datasets", "/sdmx/2.1/dataflow", "/nothing"):
        headers = {"Accept-Encoding": "identity"}
        head = httpx.head(served.url + path, headers=headers)
        get = httpx.get(served.url + path, headers=headers)
        assert head.content == b""
        assert head.status_code == get.status_code
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == get.headers.get(name)


def test_headers_that_protect_readers_and_let_other_sites_read(served):
    for path in ("/", "/api/datasets", "/nothing"):
        headers = served.get(path, Origin="https://elsewhere.example").headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "server" not in headers
    preflight = httpx.options(f"{served.url}/api/datasets", headers={"Access-Control-Request-Method": "GET"})
    assert preflight.status_code == 204
    assert "Range" in preflight.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/releases/../latest.json",
        "/releases/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/data/../../../../etc/passwd",
        "/.building-1/x",
        "/latest.json%00",
        "/latest/../../etc/passwd",
        "/C:\\windows\\win.ini",
    ],
)
def test_no_address_leads_out_of_the_folder(served, path):
    import http.client

    host = served.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    assert response.status in (400, 404)
    assert b"root:" not in response.read()
    connection.close()


def test_tags_of_files_are_their_hashes(served, file, release):
    data = (release / f"data/{FLOW}/latest.parquet").read_bytes()
    assert plain(served, file).headers["etag"] == f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def test_health_and_metrics(served):
    health = served.get("/health").json()
    assert health == {"status": "ok", "release": served.release, "version": health["version"]}
    assert served.get("/live").json() == {"status": "ok", "version": health["version"]}
    served.get("/api/datasets")
    assert served.get("/metrics").status_code == 404
    text = httpx.get(served.meters).text
    assert 'borderstats_requests_total{route="/api/datasets",status="200"}' in text
    assert 'borderstats_request_seconds_bucket{le="0.005",route="/api/datasets"}' in text


def test_the_log_says_nothing_of_readers_and_what_they_asked_for(served):
    secret = "citizenship=GTM"
    served.get(f"/api/datasets/{FLOW}/observations?{secret}", **{"User-Agent": "nobody-else"})
    log = served.log.read_text()
    assert "/api/datasets/{dataset}/observations" in log
    for kept_out in (secret, "GTM", FLOW, "127.0.0.1", "nobody-else"):
        assert kept_out not in log
