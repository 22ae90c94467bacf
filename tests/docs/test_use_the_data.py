"""Every example of the pages on the data, run by the client it is for against the real server.

What an example says it gives is what it gives, and what the release's own tables say, asked by other means.
"""

import io
import json
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import duckdb
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "use-the-data.md").read_text()
EXAMPLES = {
    f"{name}-{language}-{number}": (language, code)
    for name in ("use-the-data", "time")
    for number, (language, code) in enumerate(
        re.findall(r"```(\w+)\n(.*?)```", (DOCS / f"{name}.md").read_text(), re.DOTALL)
    )
}
DUCKDB = ROOT / "build/duckdb-http/bin/python"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

CELL = "region, state, demographic, citizenship, title, freq, period"
ARIZONA = "state = 'AZ' AND period = '2023-10'"
LATER = "period >= '2023-10' AND known_to IS DISTINCT FROM known_from"
KNOWN = f"SELECT sum(value) FROM known(DATE '2024-06-30') WHERE {ARIZONA}"
COURSE = (
    f"WITH cells AS (FROM history WHERE {ARIZONA}), days AS (SELECT known_from AS day FROM cells UNION SELECT known_to FROM cells) "
    "SELECT sum(value) FROM days JOIN cells ON known_from <= day AND (known_to > day OR known_to IS NULL) GROUP BY day ORDER BY day"
)
DECEMBER = "SELECT sum(value) FROM state WHERE state = 'TX' AND period = '2023-12'"
PATROL = "SELECT sum(value) FROM southwest WHERE component = 'USBP' AND fiscal_year = 2024"
YEARS = "SELECT sum(value) FROM cbp_one WHERE freq = 'A'"
MEXICO = "SELECT sum(value) FROM state WHERE state = 'TX' AND period >= '2024-01' AND citizenship"
WANTED = {
    "use-the-data-sh-0": f"{MEXICO} = 'MEX'",
    "use-the-data-python-1": DECEMBER,
    "use-the-data-python-2": f"{KNOWN}; {COURSE}",
    "use-the-data-sh-3": "SELECT sum(value) FROM history",
    "use-the-data-sql-4": KNOWN,
    "use-the-data-sql-5": COURSE,
    "use-the-data-sql-6": DECEMBER,
    "use-the-data-sql-7": KNOWN,
    "use-the-data-sql-8": COURSE,
    "use-the-data-r-9": PATROL,
    "use-the-data-r-10": PATROL,
    "use-the-data-r-11": PATROL,
    "use-the-data-r-12": f"{KNOWN}; {COURSE}",
    "use-the-data-python-13": YEARS,
    "use-the-data-js-14": DECEMBER,
    "use-the-data-python-15": f"{MEXICO} IN ('MEX', 'GTM')",
    "use-the-data-python-16": "",
    "use-the-data-python-17": PATROL,
    "use-the-data-python-18": PATROL,
    "use-the-data-python-19": YEARS,
    "use-the-data-python-20": f"{KNOWN}; {COURSE}",
    "use-the-data-python-21": f"{KNOWN}; {COURSE}",
    "time-python-0": "SELECT count(*) FROM revisions; WITH counted AS (FROM revisions WHERE counted AND kind IN "
    "('changed', 'new', 'vanished')) SELECT sum(delta) FROM counted UNION ALL SELECT sum(abs(delta)) FROM counted",
    "time-python-1": f"{KNOWN}; SELECT sum(value) FROM state WHERE {ARIZONA}",
    "time-python-2": "SELECT count(*) FROM known(DATE '2024-02-29') WHERE period = '2024-02'; SELECT sum(value) FROM history "
    "WHERE period = '2024-02' AND edition_from <= DATE '2024-02-29' AND (edition_to > DATE '2024-02-29' OR edition_to IS NULL)",
    "time-python-3": "SELECT count(*) FROM known(DATE '2024-02-29') WHERE known_from > DATE '2023-12-31'; SELECT count(*) FROM "
    f"(SELECT {CELL} FROM known(DATE '2023-12-31') EXCEPT SELECT {CELL} FROM known(DATE '2024-02-29'))",
    "time-python-4": "; ".join(["SELECT count(*) FROM known(DATE '2024-02-29')"] * 3),
    "time-python-5": f"WITH days AS (SELECT DISTINCT known_from AS day FROM history WHERE {LATER} AND known_from <= DATE '2024-02-29'), "
    f"came AS (SELECT day, (SELECT count(*) FROM history WHERE {LATER} AND known_from = day) FROM days ORDER BY day), "
    f"went AS (SELECT day, (SELECT count(*) FROM history WHERE {LATER} AND known_to = day AND ended = 'vanished') FROM days ORDER BY day) "
    "SELECT * EXCLUDE day FROM came UNION ALL SELECT * EXCLUDE day FROM went",
}  # fmt: skip
"""What each example is about, asked of the Parquet files of the release: they are `state` with its `history` and `revisions`, ..."""


@pytest.fixture(scope="module")
def tables(release):
    """The tables of the release that examples are about, by plain names, and what was known on a day."""
    connection = duckdb.connect()
    for name, path in (
        ("state", "cbp-encounters-state/latest"),
        ("history", "cbp-encounters-state/history"),
        ("revisions", "cbp-encounters-state/revisions"),
        ("southwest", "cbp-encounters-southwest/latest"),
        ("cbp_one", "ohss-cbp-one/latest"),
    ):
        connection.execute(f"CREATE VIEW {name} AS FROM '{release}/data/{path}.parquet'")
    standing = "known_from <= day AND (known_to > day OR known_to IS NULL)"
    connection.execute(f"CREATE MACRO known(day) AS TABLE FROM history WHERE {standing}")
    return connection


def asked(tables, questions):
    """The numbers that questions in SQL give, in their order."""
    return [int(row[0]) for sql in questions.split("; ") if sql for row in tables.sql(sql).fetchall()]


def promised(code):
    """The figures that the comments of an example say it gives, in their order; signs are left out."""
    return [
        int(figure.replace(",", ""))
        for line in re.findall(r"(?:#|--|//) gives (.*)", code)
        for figure in re.findall(r"\d[\d,]*\d|\d", line)
    ]


def printed(text):
    return [int(figure) for figure in re.findall(r"\d+", text)]


def run(folder, *command, program=""):
    """What a program prints that runs in a folder."""
    done = subprocess.run(command, input=program, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def of_sql(code, release, folder):
    """What an example in SQL gives, asked where it says: over HTTP, of a downloaded file, or of the database."""
    if "http://" in code:
        if not DUCKDB.exists():
            pytest.skip(f"{DUCKDB} is not there; make test makes it")
        rows = run(folder, str(DUCKDB), str(ROOT / "tests/clients/ask_duckdb.py"), program=code).splitlines()
        return [int(json.loads(row)[-1]) for row in rows]
    if "history.parquet" in code:
        file = release / "data/cbp-encounters-state/history.parquet"
        return [row[-1] for row in duckdb.sql(code.replace("history.parquet", str(file))).fetchall()]
    database = sqlite3.connect(release / "borderstats.sqlite")
    return [row[-1] for row in database.execute(code).fetchall()]


def result(language, code, release, folder):
    """The figures that an example gives to who runs it."""
    if language == "sql":
        return of_sql(code, release, folder)
    if language == "sh":
        text = run(folder, "sh", "-e", "-c", code)
        table = pd.read_csv(io.StringIO(text)) if text else pd.read_parquet(folder / "history.parquet")
        return [int(table["value"].sum())]
    if language == "js":
        if not (ROOT / "node_modules/hyparquet").exists():
            pytest.skip("hyparquet is not installed; make test installs it")
        (folder / "node_modules").symlink_to(ROOT / "node_modules")
        (folder / "example.mjs").write_text(code)
        return printed(run(folder, "node", "example.mjs"))
    assert language == "r"
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed; make test installs it")
    (folder / "example.r").write_text(code)
    return printed(run(folder, "Rscript", "example.r"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example(served, release, tables, name, tmp_path, monkeypatch, capsys):
    language, code = EXAMPLES[name]
    live = code.replace("https://borderstats.example", served.url).replace("RELEASE", served.release)
    wanted = asked(tables, WANTED[name])
    if language == "python":
        monkeypatch.chdir(tmp_path)
        exec(live, {})
        given = capsys.readouterr().out
        assert printed(given) == [abs(figure) for figure in wanted]
        if not wanted:
            assert given.split() == re.findall(r"# gives (.*)", code)
    else:
        assert result(language, live, release, tmp_path) == wanted
    if promised(code) or language == "python":
        assert promised(code) == [abs(figure) for figure in wanted]


def test_every_example_is_held_to_the_release():
    assert WANTED.keys() == EXAMPLES.keys()


def test_every_tool_that_is_promised_has_an_example():
    for title in (
        "curl", "pandas", "DuckDB", "SQLite", "R", "Excel", "JavaScript", "SDMX with sdmx1", "SDMX with pysdmx",
    ):  # fmt: skip
        assert f"## {title}\n" in PAGE


def test_what_the_page_says_of_an_answer_is_so(tables):
    assert "gives 150 rows of 209,226 events" in PAGE
    sql = WANTED["use-the-data-sh-0"]
    assert asked(tables, sql) == [209_226]
    assert asked(tables, sql.replace("sum(value)", "count(*)")) == [150]


def test_the_address_for_excel_gives_the_rows_of_the_release(served, tables):
    (address,) = re.findall(
        r"`https://borderstats\.example(/\S+)`", PAGE[PAGE.index("## Excel") : PAGE.index("## Java")]
    )
    read = pd.read_csv(io.BytesIO(served.get(address).content))
    assert [len(read), read["value"].sum()] == asked(
        tables, "WITH rows AS (FROM southwest WHERE period >= '2024-01' AND freq = 'M') "
        "SELECT count(*) FROM rows UNION ALL SELECT sum(value) FROM rows",
    )  # fmt: skip


def test_every_address_that_the_pages_name_is_there(served):
    """Those without a placeholder in capitals: files at the root, and the beginnings of what only the server answers."""
    text = PAGE + (DOCS / "time.md").read_text()
    named = set(re.findall(r"`(/[a-z][\w./-]*\w)`", text))
    placed = {path for path in named if not re.search(r"[A-Z]{2}", path.removesuffix("CITATION.cff"))}
    services = {"/api", "/sdmx/2.1", "/sdmx/3"}
    assert len(placed) > 12
    assert {
        path: served.get(path).status_code
        for path in placed - services
        if served.get(path).status_code != 200
    } == {}
