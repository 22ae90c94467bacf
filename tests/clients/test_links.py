"""Every address that a file names leads somewhere, wherever the file is served."""

import io
import json
import re
import zipfile
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import httpx

TEXTS = {".html", ".json", ".jsonld", ".xml", ".atom", ".csv", ".cff", ".ics", ".css"}


class Links(HTMLParser):
    """Every address of a page, that of a refresh among them."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.found += [given[name] for name in ("href", "src") if given.get(name)]
        if given.get("http-equiv") == "refresh":
            self.found.append(given["content"].split("url=")[1])


def values(document, *names):
    """Every text under one of these names, however deep."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name in names and isinstance(value, str):
                yield value
            else:
                yield from values(value, *names)
    elif isinstance(document, list):
        for one in document:
            yield from values(one, *names)


def relative(path, data):
    """What a file names relative to its own address, by its form."""
    name = path.name
    if name.endswith(".html"):
        return [link for link in Links(data.decode()).found if not re.match(r"\w+:", link)]
    if name == "datapackage.json":
        return list(values(json.loads(data)["resources"], "path"))
    if name in ("manifest.json", "pages.json"):
        return [file["path"] for file in json.loads(data)["files"]]
    if name.endswith(".csv-metadata.json"):
        return [json.loads(data)["url"]]
    if path.parent.name == "api" and name == "datasets.json":
        return list(values(json.loads(data)["datasets"], "url", "page"))
    if path.parent.name == "datasets" and name.endswith(".json"):
        links = json.loads(data)["links"]
        assert len(links["files"]) > 10
        return [links["page"], *links["files"]]
    return []


def absolute(path, data, publisher):
    """Every address of the publisher's own that a file names, in whatever field."""
    if path.suffix == ".xlsx":
        parts = zipfile.ZipFile(io.BytesIO(data))
        data = b"\n".join(parts.read(name) for name in parts.namelist())
    elif path.suffix not in TEXTS:
        return []
    found = re.findall(re.escape(publisher) + r"[^\s\"'<>\\,]*", data.decode())
    return [address.rstrip(".)") for address in found]


def test_every_address_that_a_file_names_leads_somewhere(at, host):
    there, publisher = host, at.package.standard.publisher.address
    named = {}
    for path in sorted(there.folder.rglob("*")):
        below = path.relative_to(there.folder)
        # What the folder has for the server alone, and releases, which are hosts of their own.
        if not path.is_file() or below.parts[0] in ("pages", "releases"):
            continue
        data = path.read_bytes()
        found = {urljoin(there.url + below.as_posix(), link) for link in relative(path, data)}
        if there.home:
            found |= {there.home + one.removeprefix(publisher) for one in absolute(path, data, publisher)}
        for address in found:
            named.setdefault(urldefrag(address)[0], []).append(below.as_posix())
    assert len(named) > 60
    assert all(address.startswith((there.home or there.url, there.url)) for address in named)
    with httpx.Client(follow_redirects=False) as client:
        dead = {
            address.removeprefix(there.url): paths[:3]
            for address, paths in sorted(named.items())
            if client.head(address).status_code != 200
        }
    assert dead == {}


def test_what_the_server_finds_is_there(at):
    there = at.hosts["server"]
    asked = f"{there.url}api/search"
    found = [
        urljoin(asked, one["url"])
        for word in ("port", "ship", "cargo", "staff", "north", "total", "month", "tonne")
        for one in httpx.get(asked, params={"q": word}).json()["results"]
    ]
    queries = [
        urljoin(f"{there.url}api/datasets/{name}", address)
        for name in at.package.datasets
        for address in httpx.get(f"{there.url}api/datasets/{name}").json()["queries"].values()
    ]
    assert len(queries) == 2 * len(at.package.datasets)
    assert len(set(found)) > 5
    assert [one for one in {*found, *queries} if httpx.get(one).status_code != 200] == []
