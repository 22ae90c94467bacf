"""Under abuse: the API's own description fuzzed, SDMX keys and filters made up, clients that are slow, too many at once."""

import concurrent.futures
import socket
import string
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

FLOW = "cbp-encounters-state"


def test_the_api_keeps_to_its_description(served):
    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), "run", f"{served.url}/api/openapi.json",
            "--max-examples", "25", "--seed", "1", "--no-color",
            # A text may be no code of a dataset, and a dimension not one of it: descriptions of parameters cannot say so.
            "--exclude-checks", "positive_data_acceptance",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3_000:]
    assert "Tested: 7" in done.stdout


WORDS = st.sampled_from(
    ["M", "SW", "TX", "MEX", "*", "+", "all", "~", "latest", "FY2024", "2024-01", "ge:", "ne:", "sw:", "eq:1,2", "c[STATE]", "'", '"',
     "; DROP TABLE x", "%", "..", "/", "\\", "(", "\u202e", "é", "0", "-1", "1e9", "true", "null", "[", "]", "{", "}", "&", "=", "#", ""]
)  # fmt: skip
TEXT = st.lists(st.one_of(WORDS, st.text(string.printable, max_size=6)), max_size=5).map("".join)
PARAMETERS = st.sampled_from(
    ["c[STATE]", "c[CITIZENSHIP]", "c[TIME_PERIOD]", "c[OBS_VALUE]", "c[KNOWN_FROM]", "asOf", "updatedAfter", "includeHistory",
     "firstNObservations", "lastNObservations", "dimensionAtObservation", "attributes", "measures", "startPeriod", "endPeriod",
     "detail", "references", "format", "mode", "x"]
)  # fmt: skip


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [
            f"/sdmx/2.1/data/{FLOW}/{{}}",
            "/sdmx/2.1/data/{}",
            "/sdmx/2.1/{}/all/all",
            "/sdmx/2.1/dataflow/{}",
            f"/sdmx/2.1/availableconstraint/{FLOW}/{{}}",
            f"/sdmx/3/data/dataflow/*/{FLOW}/~/{{}}",
            "/sdmx/3/data/{}/*/*",
            "/sdmx/3/structure/{}",
            "/sdmx/3/structure/codelist/*/{}/~",
            f"/sdmx/3/availability/dataflow/*/{FLOW}/~/*/{{}}",
            f"/api/series/{FLOW}:{{}}",
            "/api/datasets/{}/observations",
        ]
    ),
    TEXT,
    st.lists(st.tuples(PARAMETERS, TEXT), max_size=3),
)
@example("/api/series/cbp-encounters-state:{}", "\nM", [])
def test_made_up_keys_and_filters_are_answered_or_refused(served, path, part, pairs):
    query = "&".join(f"{quote(name, safe='[]')}={quote(value, safe='+,:*')}" for name, value in pairs)
    address = path.format(quote(part, safe="+,.*"))
    response = httpx.get(f"{served.url}{address}?{query}", timeout=30)
    assert response.status_code in (200, 302, 400, 404, 406, 413, 414, 501), response.text
    if response.status_code >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["detail"]
        assert "Traceback" not in response.text


def connected(served):
    host, port = served.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=40)


def test_a_client_that_does_not_finish_its_request_is_let_go(served):
    slow = [connected(served) for _ in range(50)]
    for one in slow:
        one.sendall(b"GET /api/datasets HTTP/1.1\r\nHost: x\r\n")
    assert served.get("/health").status_code == 200
    started = time.monotonic()
    assert slow[0].recv(1) == b""
    assert time.monotonic() - started < 30
    for one in slow:
        one.close()


def test_a_client_that_does_not_read_holds_up_nobody(served):
    lazy = [connected(served) for _ in range(20)]
    for one in lazy:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        one.sendall(f"GET /data/{FLOW}/history.csv HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    started = time.monotonic()
    assert served.get(f"/sdmx/2.1/data/{FLOW}/M.SW.TX.SA.MEX.T8").status_code == 200
    assert time.monotonic() - started < 10
    for one in lazy:
        one.close()


def test_nonsense_on_the_wire(served):
    for data in (b"\x00\xff\x16\x03", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 100_000):
        with connected(served) as one:
            one.sendall(data)
            one.shutdown(socket.SHUT_WR)
            one.settimeout(20)
            try:
                found = one.recv(200)
            except ConnectionResetError:
                found = b""
            assert found == b"" or b" 400 " in found
    assert served.get("/health").status_code == 200


def test_too_many_at_once_are_told_to_come_again(served):
    # The whole of the largest dataset in the longest form, and no answer is ever half of one.
    path = f"/sdmx/2.1/data/{FLOW}/all?dimensionAtObservation=AllDimensions"

    def ask(n):
        response = served.get(f"{path}&startPeriod={1900 + n}")
        return response.status_code, response.headers.get("retry-after"), len(response.content)

    with concurrent.futures.ThreadPoolExecutor(90) as pool:
        found = list(pool.map(ask, range(90)))
    assert {status for status, _, _ in found} <= {200, 503}
    assert all(again == "1" for status, again, _ in found if status == 503)
    assert len({size for status, _, size in found if status == 200}) == 1
    assert served.get("/health").status_code == 200
