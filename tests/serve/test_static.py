"""The public folder on a plain file host, here Python's own, beside the server over the same folder."""

import functools
import http.server
import json
import threading
from urllib.parse import urljoin

import httpx
import pytest


@pytest.fixture(scope="module")
def host(public):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=public)
    ) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()


def test_answers_that_need_no_question_are_files_there_and_the_same(host, served):
    listed = httpx.get(f"{host}/api/datasets.json").json()["datasets"]
    paths = ["datasets", "revisions", "provisions", *(f"datasets/{one['id']}" for one in listed)]
    for path in paths:
        still = httpx.get(f"{host}/api/{path}.json")
        assert still.status_code == 200
        assert still.content == served.get(f"/api/{path}").content, path
        assert still.content == served.get(f"/api/{path}.json").content, path
    assert httpx.get(f"{host}/api/openapi.json").json() == served.get("/api/openapi.json").json()
    assert {one["url"] for one in listed} == {f"{path}.json" for path in paths[3:]}


def test_files_that_an_answer_names_are_there_on_both(host, served):
    links = httpx.get(f"{host}/api/datasets/ohss-cbp-one.json").json()["links"]
    assert len(links["files"]) > 10
    for link in (*links["files"], links["page"]):
        path = urljoin("/api/datasets/ohss-cbp-one.json", link)
        still = httpx.get(host + path)
        assert still.status_code == 200
        assert served.get(path, **{"Accept-Encoding": "identity"}).content == still.content


def test_latest_leads_to_the_newest_release(host, served):
    assert served.release in httpx.get(f"{host}/latest/").text
    redirects = httpx.get(f"{host}/_redirects").text
    assert redirects == f"/latest/* /releases/{served.release}/:splat 302\n"
    assert httpx.get(f"{host}/latest.json").json()["release"] == served.release


def test_feed_and_calendar_are_served_as_what_they_are(host, served):
    feed = served.get("/releases.atom")
    assert feed.headers["content-type"] == "application/atom+xml"
    assert f"releases/{served.release}/index.html" in feed.text
    assert httpx.get(f"{host}/releases.atom").text == feed.text
    assert served.get("/calendar.ics").headers["content-type"] == "text/calendar; charset=utf-8"
    described = served.get("/data/ohss-cbp-one/latest.csv-metadata.json")
    assert described.headers["content-type"] == "application/csvm+json"
    assert json.loads(described.content)["url"] == "latest.csv"
    assert served.get("/dcat-us-3.jsonld").headers["content-type"] == "application/ld+json"


def test_every_address_that_the_server_has_is_a_file_on_the_host_too(host, served, public):
    """What a page links to must be there, whoever serves it."""
    written = {
        path.relative_to(public).as_posix()
        for path in public.rglob("*")
        if path.is_file() and path.parts[len(public.parts)] not in ("releases", "pages", "latest")
    } - {"_redirects", "latest.json"}
    assert len(written) > 900
    with httpx.Client(base_url=served.url) as client:
        lacking = [path for path in sorted(written) if client.head(f"/{path}").status_code != 200]
    assert lacking == []
