"""The release of the real archive: what is in it, that it is the same everywhere, and that no harm to it goes unseen."""

import base64
import csv
import datetime
import json
import shutil
import subprocess
import sys
import time

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from borderstats import pipeline
from borderstats.errors import ReleaseError
from borderstats.package import keys, sign
from borderstats.package.verify import alterations

BUILD = (
    "import datetime, pathlib, sys; from borderstats import pipeline; "
    "print(pipeline.build(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), datetime.date(2026, 11, 28), pathlib.Path(sys.argv[3])).path)"
)


@pytest.fixture
def copy(later, tmp_path):
    """A copy of a release that a test may spoil."""
    target = tmp_path / later.name
    shutil.copytree(later, target)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


def test_the_headline_figures_of_cbp_come_out(release):
    latest = pd.read_parquet(release / "data/cbp-encounters-state/latest.parquet")
    by_year = latest.groupby("fiscal_year")["value"].sum()
    assert by_year.to_dict() == {
        2020: 646_822,
        2021: 1_956_519,
        2022: 2_766_582,
        2023: 3_201_144,
        2024: 2_901_142,
        2025: 691_906,
        2026: 60_926,
    }


def test_book_ins_and_book_outs_go_on_where_one_publisher_stops(release):
    """Counted once more from the latest tables; ICE's files of FY2025 and FY2026 end before September and February do."""

    def months(dataset):
        with (release / f"data/{dataset}/latest.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                codes = [
                    row.get(name, "_T")
                    for name in ("criminality", "citizenship", "facility_class", "release_reason")
                ]
                if row["freq"] == "M" and set(codes) == {"_T"}:
                    yield (row.get("arresting_agency", "_T"), row["period"]), int(row["value"])

    with (release / "joined.csv").open(encoding="utf-8", newline="") as file:
        joined = list(csv.DictReader(file))
    told = {one["id"]: one["pieces"][1] for one in json.loads((release / "joined.json").read_text())}
    for name, codes, most in (("bookins", {"_T", "CBP", "ICE"}, 5), ("bookouts", {"_T"}, 4)):
        ohss, ice = (dict(months(f"{source}-{name}")) for source in ("ohss-ice", "ice-statistics"))
        wanted = {key: value for key, value in ohss.items() if key[0] in codes and key[1] < "2024-07"}
        wanted |= {
            key: value
            for key, value in ice.items()
            if key[0] in codes and key[1] >= "2024-07" and key[1] not in ("2025-09", "2026-02")
        }
        found = {(r["code"], r["period"]): int(r["value"]) for r in joined if r["series"] == f"ice-{name}"}
        assert found == wanted
        # ICE's last file of a fiscal year has a part of its September.
        apart = [
            abs(ohss[key] - ice[key])
            for key in ohss.keys() & ice.keys()
            if key[0] in codes and key[1][5:] != "09"
        ]
        piece = told[f"ice-{name}"]
        assert (piece["compared"], piece["apart"]) == (len(apart), sum(map(bool, apart)))
        assert piece["largest"] == max(apart) == most


@pytest.mark.parametrize("table", ["latest", "history", "revisions"])
def test_csv_and_parquet_hold_the_same_for_pandas_and_for_duckdb(release, table):
    for folder in sorted((release / "data").iterdir()):
        stored = pq.read_table(folder / f"{table}.parquet")
        read = (
            duckdb.connect()
            .execute("SELECT count(*) FROM read_csv(?)", [str(folder / f"{table}.csv")])
            .fetchone()
        )
        frame = pd.read_csv(folder / f"{table}.csv", keep_default_na=False, na_values=[""])
        assert list(frame.columns) == stored.column_names
        assert read[0] == len(frame) == stored.num_rows
        numbers = "delta" if table == "revisions" else "value"
        assert frame[numbers].sum() == (stored[numbers].to_pandas().sum() if stored.num_rows else 0)


@pytest.mark.parametrize("name", ["cbp-encounters-state", "cbp-encounters-southwest", "uscis-fear-receipts"])
def test_a_version_that_no_longer_stands_says_what_ended_it(release, name):
    """The kind of change in the revision log, or `status`: the same figure follows with another status."""
    history, log = (
        pd.read_parquet(release / f"data/{name}/{file}.parquet") for file in ("history", "revisions")
    )
    assert (history["ended"].isna() == history["edition_to"].isna()).all()
    key = [*history.columns[: list(history.columns).index("fiscal_year")]]
    ended = history[history["ended"].notna()]
    # Two editions can be of one day: the kind tells which of their lines is meant.
    logged = ended.merge(
        log, left_on=[*key, "edition_to", "ended"], right_on=[*key, "after", "kind"], how="left"
    )
    told = logged["kind"].notna()
    assert len(logged) == len(ended)
    assert (logged["value"] == logged["old"])[told & logged["old"].notna()].all()
    assert told.sum() == (log["old"].notna() | (log["kind"] == "untold")).sum()
    assert set(logged["ended"][~told]) <= {"status"}
    following = logged[~told].merge(history, left_on=[*key, "edition_to"], right_on=[*key, "edition_from"])
    assert len(following) == (~told).sum()
    assert (following["value_x"] == following["value_y"]).all()
    assert (following["status_x"] != following["status_y"]).all()


def test_every_value_is_known_from_one_date_to_another_without_overlap(release):
    history = pd.read_parquet(release / "data/cbp-encounters-state/history.parquet")
    dimensions = ["region", "state", "demographic", "citizenship", "title", "period"]
    history = history.astype(dict.fromkeys(dimensions, str))
    assert (history["known_to"].isna() | (history["known_from"] < history["known_to"])).all()
    next_from = history.groupby(dimensions)["known_from"].shift(-1)
    follows = next_from.notna()
    assert (history["known_to"][follows] <= next_from[follows]).all()
    assert history["known_to"].isna().sum() == 66_264


def test_a_closed_office_has_no_value_rather_than_zero(release):
    sectors = pd.read_parquet(release / "data/usbp-encounters-sector/latest.parquet")
    livermore = sectors[(sectors["office"] == "LVM") & (sectors["period"] >= "2005-10")]
    assert set(livermore["status"]) == {"M"}
    assert livermore["value"].isna().all()
    assert len(livermore) == 12 * 15


def test_the_year_to_date_is_provisional_and_a_closed_year_is_not(release):
    southwest = pd.read_parquet(release / "data/cbp-encounters-southwest/latest.parquet")
    statuses = southwest.groupby("fiscal_year")["status"].agg(lambda s: "".join(sorted(set(s))))
    assert statuses.to_dict() == {**dict.fromkeys(range(2018, 2025), "A"), 2025: "P"}


def test_gates_waivers_and_provenance_are_published(release, archive_folder):
    gates = json.loads((release / "gates.json").read_text())
    counted = json.loads((release / "release.json").read_text())["counts"]["gates"]
    assert sum(gate["compared"] > 0 for gate in gates) == counted > 40
    # Nothing can be said of revisions, or of what is new, until a source has two editions.
    assert {gate["rule"] for gate in gates if not gate["compared"]} <= {
        "revisions_within",
        "final",
        "newness",
    }
    assert all(not gate["failed"] and gate["sentence"] for gate in gates)
    waivers = pd.read_csv(release / "waivers.csv")
    assert len(waivers) == sum(len(gate["waived"]) for gate in gates) > 0
    assert waivers["reason"].notna().all()
    manifest = json.loads((release / "manifest.json").read_text())
    archived = [path.relative_to(archive_folder).as_posix() for path in archive_folder.rglob("*.toml")]
    assert sorted(f"{i['file']}.toml" for i in manifest["inputs"]) == sorted(archived)
    days = [(one["as_of"], one["source"], one["order"]) for one in manifest["inputs"]]
    assert [day for day, *_ in days] == sorted(day for day, *_ in days)
    for day, source, _ in days:
        orders = [order for *of, order in days if of == [day, source]]
        assert orders == sorted(orders)
    assert all(i["obtained_from"] and i["as_of_basis"] in ("stated", "inferred") for i in manifest["inputs"])


@pytest.mark.slow
def test_a_killed_build_leaves_the_earlier_release_and_no_half_one(standard_folder, archive_folder, tmp_path):
    earlier = tmp_path / "2025-01-01-000000000000"
    earlier.mkdir()
    (earlier / "manifest.json").write_text("{}")

    def started():
        return subprocess.Popen(
            [sys.executable, "-c", BUILD, standard_folder, archive_folder, tmp_path],
            stdout=subprocess.DEVNULL,
        )

    def left():
        return [path for path in tmp_path.iterdir() if path.name.startswith(".building-")]

    def killed(until):
        with started() as building:
            while building.poll() is None and not until():
                time.sleep(0.05)
            building.kill()
        assert [path for path in tmp_path.iterdir() if path not in left()] == [earlier]

    begun = time.monotonic()
    killed(lambda: time.monotonic() > begun + 1)
    killed(lambda: [*tmp_path.glob(".building-*/**/latest.parquet")])
    # In one of the processes that make the further formats: none goes on writing after the one that was killed.
    killed(lambda: [*tmp_path.glob(".building-*/**/latest.sdmx.csv")])
    (half,) = left()
    time.sleep(1)
    before = sorted(half.rglob("*"))
    time.sleep(3)
    assert sorted(half.rglob("*")) == before
    # The next build removes what was left before it writes anything of its own.
    killed(lambda: not half.exists())
    assert not half.exists()


def test_building_again_leaves_an_equal_release_alone_and_never_replaces_another(
    copy, standard_folder, archive_folder
):
    def build():
        return pipeline.build(
            standard_folder, archive_folder, datetime.date(2026, 12, 28), copy.parent, formats=False
        )

    again = build()
    assert (again.path, again.new) == (copy, False)
    (copy / "manifest.json").write_text("{}")
    with pytest.raises(ReleaseError, match="releases are never replaced"):
        build()


def test_a_whole_release_has_no_alterations(release):
    assert list(alterations(release)) == []


def spoil(path, old=b"1", new=b"2"):
    path.write_bytes(path.read_bytes().replace(old, new, 1))


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda r: spoil(r / "data/cbp-encounters-state/latest.csv"), "data/cbp-encounters-state/latest.csv: altered: its SHA-256 is not the one in the manifest"),
        (lambda r: (r / "gates.csv").unlink(), "gates.csv: missing"),
        (lambda r: (r / "data/more.csv").write_text("x"), "data/more.csv: added: it is not in the manifest"),
        (lambda r: spoil(r / "manifest.json", b'"bytes": ', b'"bytes":  '), None),
    ],
)  # fmt: skip
def test_verify_names_what_was_altered(copy, harm, found):
    harm(copy)
    lines = list(alterations(copy))
    assert (
        found in lines
        if found
        else lines[0].startswith("manifest.json: altered: its content no longer makes the id")
    )


def test_a_forged_manifest_does_not_hide_that_a_csv_is_not_its_parquet(copy):
    from borderstats.package import manifest as manifests

    spoil(copy / "data/usbp-deaths-southwest-sector/latest.csv", b",3,", b",4,")
    old = manifests.read(copy)
    forged = manifests.sealed(old, [manifests.describe_file(copy, copy / f.path) for f in old.files])
    (copy / "manifest.json").write_bytes(manifests.encode(forged))
    moved = copy.rename(copy.parent / forged.id)
    assert list(alterations(moved)) == [
        "data/usbp-deaths-southwest-sector/latest.csv: not the same as latest.parquet"
    ]


def test_a_folder_that_is_no_release_is_reported(tmp_path):
    with pytest.raises(ReleaseError, match="not a release"):
        list(alterations(tmp_path))


def test_signatures(copy):
    key, other = (
        Ed25519PrivateKey.from_private_bytes(bytes(32)),
        Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)),
    )
    trusted, untrusted = (base64.b64encode(k.public_key().public_bytes_raw()).decode() for k in (key, other))
    assert list(alterations(copy, [trusted])) == ["signature.json: missing: the release is not signed"]
    raw = (copy / "manifest.json").read_bytes()
    (copy / "signature.json").write_bytes(sign.sign(key, raw))
    assert list(alterations(copy, [trusted])) == []
    assert list(alterations(copy, [untrusted])) == [
        f"signature.json: the signature is by the key {keys.name(trusted)}, which is not one that you trust"
    ]
    (copy / "signature.json").write_bytes(sign.sign(key, raw + b" "))
    assert list(alterations(copy)) == ["signature.json: the signature is not over this manifest"]
    (copy / "signature.json").write_text("{}")
    assert next(iter(alterations(copy))).startswith("signature.json: the signature cannot be read")
