"""The configurations of docs/serve.md on nginx: before the server and over the plain folder, at the root and under a path."""

import contextlib
import json
import re
import shutil
import socket
import subprocess
import time
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from serving import serving

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed (tools/system nginx nginx-light)"),
]


def configurations():
    """The blocks of the page, in their order."""
    return re.findall(r"```nginx\n(.*?)```", (ROOT / "docs/serve.md").read_text(), re.DOTALL)


@contextlib.contextmanager
def nginx(block, folder, public, upstream=""):
    """Runs nginx on a free port with a block of the page, over a public folder or before a server; its address."""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    block = block.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/srv/statistics", str(public))
    block = block.replace("http://127.0.0.1:8000", upstream)
    written = folder / "nginx.conf"
    paths = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    written.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/errors; user root;\n"
        f"events {{}}\nhttp {{ include /etc/nginx/mime.types; access_log off; {paths}\n{block}}}\n"
    )
    process = subprocess.Popen([NGINX, "-c", written, "-p", folder], stderr=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 15
        while True:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(url)
                break
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < until
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)
        process.stderr.close()


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attributes):
        self.found |= {value for name, value in attributes if name in ("href", "src") and value}


def crawled(client, start):
    """Every page below an address that pages there lead to, and every address that one of them names and that is not there."""
    host, below = httpx.URL(start).netloc, httpx.URL(start).path
    seen, wanted, dead = set(), [start], []
    while wanted:
        url = wanted.pop()
        if url in seen:
            continue
        seen.add(url)
        response = client.get(url)
        if response.status_code != 200 or not response.url.path.startswith(below):
            dead.append((url, response.status_code))
        if response.headers["content-type"].startswith("text/html"):
            links = Links()
            links.feed(response.text)
            for link in links.found:
                found = response.url.join(link).copy_with(fragment=None)
                if found.netloc == host:
                    wanted.append(str(found))
    return seen, dead


@pytest.fixture(params=["/", "/stats/"])
def below(request):
    return request.param


def test_the_page_has_the_four_configurations():
    assert len(configurations()) == 4


def test_the_server_behind_nginx(office_published, tmp_path, below):
    block = configurations()[0 if below == "/" else 1]
    with (
        serving(office_published, tmp_path / "log", "--proxy", "127.0.0.1") as served,
        nginx(block, tmp_path / "nginx", office_published, served.url) as host,
        httpx.Client(base_url=host + below, follow_redirects=True, timeout=30) as client,
    ):
        seen, dead = crawled(client, host + below)
        assert dead == []
        assert len(seen) > 15
        # A redirect, and what the description of the interface says of where it is.
        newest = client.get("latest/data/cargo/latest.csv")
        assert newest.url.path == f"{below}releases/{served.release}/data/cargo/latest.csv"
        assert (
            newest.content
            == (office_published / "releases" / served.release / "data/cargo/latest.csv").read_bytes()
        )
        for name in ("api/openapi.json",):
            described = client.get(name)
            (server,) = described.json()["servers"]
            base = str(described.url.join(server["url"])).rstrip("/")
            assert base == (host + below).rstrip("/")
            assert httpx.get(f"{base}/api/datasets").json()["release"] == served.release
        # Questions come through as they were put.
        path = "sdmx/3/data/dataflow/*/cargo/~/*?c[FREQ]=eq:Q"
        assert client.get(path).content == served.get(f"/{path}").content
        first = client.get("data/cargo/latest.csv")
        again = client.get("data/cargo/latest.csv", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert client.get("data/cargo/latest.csv", headers={"Range": "bytes=0-4"}).status_code == 206
        assert client.post("api/datasets", content=b"x").status_code == 405
        browser = client.get("no/page", headers={"Accept": "text/html"})
        start = browser.url.join(re.search('href="([^"]*)"', browser.text)[1])
        assert start.path == below


def test_the_folder_on_nginx(office_published, tmp_path, below):
    block = configurations()[2 if below == "/" else 3]
    with (
        nginx(block, tmp_path / "nginx", office_published) as host,
        httpx.Client(base_url=host + below, timeout=30) as client,
    ):
        seen, dead = crawled(client, host + below)
        assert dead == []
        assert len(seen) > 15
        for path in office_published.rglob("*"):
            if path.is_file():
                name = path.relative_to(office_published).as_posix()
                response = client.get(name)
                assert (response.status_code, response.content) == (200, path.read_bytes()), name
        response = client.get("data/cargo/latest.csv")
        assert response.headers["access-control-allow-origin"] == "*"
        again = client.get(
            "data/cargo/latest.csv", headers={"If-Modified-Since": response.headers["last-modified"]}
        )
        assert again.status_code == 304
        described = client.get("api/openapi.json")
        (server,) = described.json()["servers"]
        assert described.url.join(server["url"]).path == below


def test_nginx_follows_no_link_out_of_the_folder(office_public, tmp_path, below):
    (office_public / "passwd").symlink_to("/etc/passwd")
    (office_public / "etc").symlink_to("/etc")
    block = configurations()[2 if below == "/" else 3]
    with nginx(block, tmp_path / "nginx", office_public) as host:
        for path in ("passwd", "etc/passwd"):
            assert httpx.get(f"{host}{below}{path}").status_code in (403, 404)
        assert httpx.get(f"{host}{below}latest.json").json() == json.loads(
            (office_public / "latest.json").read_text()
        )
