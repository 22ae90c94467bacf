"""`borderstats protect` and `borderstats audit`, on simulated counts; the certificates are recomputed from the files alone."""

import re
import shlex
import textwrap
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from borderstats.cli import cli
from borderstats.errors import BorderstatsError

SPEC = """count = "n"
threshold = 5

[[dimension]]
name = "sector"
parents = ["border"]

[[dimension]]
name = "citizenship"
parents = ["region"]

[[dimension]]
name = "year"
"""
LEVELS = {"sector": ["sector", "border"], "citizenship": ["citizenship", "region"], "year": ["year"]}


def simulated():
    """Inner cells of a skewed table, made by a formula: no records, nobody is counted."""
    rows = []
    for s in range(8):
        for c in range(9):
            for y in range(3):
                n = (7919 * (s + 1) * (c + 2) * (y + 3) % 97) ** 2 // (60 * (1 + c) * (1 + s))
                rows.append((f"S{s}", f"B{s // 3}", f"C{c}", f"R{c // 4}", f"Y{y}", n))
    return pd.DataFrame(rows, columns=["sector", "border", "citizenship", "region", "year", "n"])


def run(*args):
    return CliRunner().invoke(cli, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("protected")
    (folder / "spec.toml").write_text(SPEC)
    simulated().to_csv(folder / "cells.csv", index=False)
    result = run("protect", folder / "cells.csv", "--spec", folder / "spec.toml", "--out", folder / "out")
    assert result.exit_code == 0, result.output
    return folder / "out", result.output


def sums(counts):
    """The count of every cell, margins included, by plain grouping."""
    counts = counts.assign(_T="_T")
    found = {}
    for sector in (*LEVELS["sector"], "_T"):
        for citizenship in (*LEVELS["citizenship"], "_T"):
            for year in (*LEVELS["year"], "_T"):
                keys = [counts[sector], counts[citizenship], counts[year]]
                found.update(counts["n"].groupby([k.rename(None) for k in keys]).sum().to_dict())
    return found


def test_published_cells_are_the_true_ones_and_the_rest_is_withheld(made):
    folder, said = made
    true = sums(simulated())
    published = pd.read_csv(folder / "published.csv", dtype={"value": "Int64"})
    assert list(published.columns) == ["sector", "citizenship", "year", "value", "status"]
    assert len(published) == len(true)
    for row in published.itertuples(index=False):
        count = true[row.sector, row.citizenship, row.year]
        if row.status == "published":
            assert row.value == count
            assert count == 0 or count >= 5
        else:
            assert row.status == "suppressed"
            assert pd.isna(row.value)
            assert count > 0
    assert f"{len(true):,} cells" in said


def test_every_certificate_holds_and_every_sensitive_cell_has_one(made):
    folder, _ = made
    true = sums(simulated())
    published = pd.read_csv(folder / "published.csv")
    status = {(r.sector, r.citizenship, r.year): r.status for r in published.itertuples(index=False)}
    certificates = pd.read_csv(folder / "confidential" / "certificates.csv")
    assert list(certificates.columns) == ["certificate", "sector", "citizenship", "year", "change"]
    safe = set()
    for _, rows in certificates.groupby("certificate"):
        changed = simulated().merge(rows, how="left", on=["sector", "citizenship", "year"])
        assert changed["change"].notna().sum() == len(rows)
        changed["n"] += changed["change"].fillna(0).astype(int)
        other = sums(changed)
        for cell, count in true.items():
            assert other[cell] == count or status[cell] == "suppressed"
        inner = changed[
            [
                s == "suppressed"
                for s in (
                    status[k] for k in zip(changed.sector, changed.citizenship, changed.year, strict=True)
                )
            ]
        ]
        assert (inner["n"] >= 1).all()
        safe |= {cell for cell, count in true.items() if other[cell] != count}
    sensitive = {cell for cell, count in true.items() if 1 <= count < 5}
    assert sensitive
    assert sensitive <= safe
    pattern = pd.read_csv(folder / "confidential" / "pattern.csv")
    listed = {
        (r.sector, r.citizenship, r.year) for r in pattern.itertuples(index=False) if r.reason == "sensitive"
    }
    assert listed == sensitive


def test_the_audit_ends_with_the_number_of_disclosed_cells(made):
    folder, _ = made
    result = run("audit", folder)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "disclosed cells: 0"


def test_a_table_that_can_be_undone_fails_the_audit(tmp_path):
    """One withheld cell alone in its row and column is the rest of both."""
    text = simulated()
    text["n"] = text["n"].clip(lower=6)
    text.to_csv(tmp_path / "cells.csv", index=False)
    (tmp_path / "spec.toml").write_text(SPEC)
    assert (
        run(
            "protect", tmp_path / "cells.csv", "--spec", tmp_path / "spec.toml", "--out", tmp_path / "out"
        ).exit_code
        == 0
    )
    published = tmp_path / "out" / "published.csv"
    lines = published.read_text().splitlines()
    codes = lines[1].split(",")
    lines[1] = ",".join([*codes[:3], "", '"suppressed"'])
    published.write_text("\n".join(lines) + "\n")
    for name in ("pattern.csv", "certificates.csv"):
        (tmp_path / "out" / "confidential" / name).unlink()
    result = run("audit", tmp_path / "out")
    assert "disclosed: S0, C0, Y0" in result.output
    assert "disclosed cells: 1" in result.output
    assert result.exit_code == 1


def test_the_example_of_the_documentation(tmp_path, monkeypatch):
    """The indented blocks of docs/protect.md: cells, specification, commands, in this order."""
    page = (Path(__file__).parents[2] / "docs" / "protect.md").read_text()
    cells, specification, *commands = [
        textwrap.dedent(block)
        for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", page, re.MULTILINE)
        if block.strip()
    ]
    monkeypatch.chdir(tmp_path)
    Path("cells.csv").write_text(cells.lstrip("\n"))
    Path("spec.toml").write_text(specification)
    said = {}
    for line in "".join(commands).split("\n"):
        if line:
            result = run(*shlex.split(line)[1:])
            assert result.exit_code == 0, result.output
            said[shlex.split(line)[1]] = result.output
    assert said["audit"].splitlines()[-1] == "disclosed cells: 0"
    assert "`disclosed cells: 0`" in page
    assert set(said) == {"protect", "audit", "utility"}


def test_what_is_wrong_is_reported_without_a_traceback(tmp_path):
    (tmp_path / "spec.toml").write_text(SPEC)
    (tmp_path / "cells.csv").write_text("sector,border,citizenship,region,year,n\nS0,B0,C0,R0,Y0,few\n")
    result = run(
        "protect", tmp_path / "cells.csv", "--spec", tmp_path / "spec.toml", "--out", tmp_path / "out"
    )
    assert result.exit_code != 0
    assert "row 2, column n" in str(result.exception) + result.output
    assert not (tmp_path / "out").exists()


LINKED = """count = "n"
threshold = 5
attribute = ["citizenship"]
known = "known.csv"
earlier = ["first"]

[[stricter]]
dimension = "citizenship"
codes = ["C8"]
threshold = 10

[[table]]
columns = ["sector", "year"]

[[table]]
columns = ["border", "citizenship"]

[[dimension]]
name = "sector"
parents = ["border"]

[[dimension]]
name = "citizenship"
parents = ["region"]

[[dimension]]
name = "year"
group = [{ code = "Y0-Y1", of = ["Y0", "Y1"] }]
"""


def test_linked_tables_after_an_earlier_release_and_beside_a_figure_elsewhere(tmp_path):
    cells, revised = simulated(), simulated()
    revised.loc[[3, 77, 150], "n"] += [2, 5, 1]
    cells.to_csv(tmp_path / "first.csv", index=False)
    revised.to_csv(tmp_path / "second.csv", index=False)
    elsewhere = revised[revised["border"].eq("B0") & revised["citizenship"].eq("C1")]["n"].sum()
    (tmp_path / "known.csv").write_text(f"sector,citizenship,year,value\nB0,C1,_T,{elsewhere}\n")
    (tmp_path / "second.toml").write_text(LINKED)
    (tmp_path / "first.toml").write_text(re.sub(r"(known|earlier) = .*\n", "", LINKED))
    for name in ("first", "second"):
        arguments = (tmp_path / f"{name}.csv", "--spec", tmp_path / f"{name}.toml", "--out", tmp_path / name)
        result = run("protect", *arguments)
        assert result.exit_code == 0, f"{result.output} {result.exception}"
        audited = run("audit", tmp_path / name)
        assert audited.exit_code == 0, audited.output
        held = re.search(r"certificates that hold: ([\d,]+) of ([\d,]+)", audited.output)
        assert held[1] == held[2] != "0"
        assert audited.output.splitlines()[-1] == "disclosed cells: 0"
        assert "integer programming" not in audited.output
    published = pd.read_csv(tmp_path / "second" / "published.csv", dtype={"value": "Int64"})
    by = {(r.sector, r.citizenship, r.year): r for r in published.itertuples(index=False)}
    assert ("S0", "C0", "Y0") not in by
    assert by["B0", "C1", "_T"].status == "published"
    year = revised[revised["sector"].eq("S0") & revised["year"].isin(["Y0", "Y1"])]["n"].sum()
    assert by["S0", "_T", "Y0-Y1"].value == year
    # An audit that is not told of the first release does not see what both together say.
    (tmp_path / "first" / "published.csv").unlink()
    lost = run("audit", tmp_path / "second")
    assert "no published.csv in it" in str(lost.exception)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('columns = ["sector", "year"]', 'columns = ["sector", "border"]', "two levels of one dimension"),
        ('columns = ["sector", "year"]', 'columns = ["month"]', "'month' is no column of codes"),
        ('attribute = ["citizenship"]', 'attribute = ["region"]', "attribute: 'region' is no dimension"),
        ("threshold = 10", "threshold = 4", "is not above the threshold of all"),
        ('of = ["Y0", "Y1"]', 'of = ["Y0", "Y9"]', "holds 'Y9', which is no code of it"),
        ('code = "Y0-Y1"', 'code = "Y2"', "the group 'Y2' of year is a code already"),
        ('earlier = ["first"]', 'earlier = ["nowhere"]', "no published.csv in it"),
        (
            'known = "known.csv"',
            'known = "wrong.csv"',
            "wrong.csv, row 3, column value: 1, but the cells add up",
        ),
    ],
)
def test_what_is_wrong_in_a_specification_is_reported(tmp_path, old, new, message):
    assert old in LINKED
    simulated().to_csv(tmp_path / "cells.csv", index=False)
    for name in ("known", "wrong"):
        total = simulated()["n"].sum()
        (tmp_path / f"{name}.csv").write_text(
            f"sector,citizenship,year,value\n_T,_T,_T,{total}\n" + ("B0,_T,_T,1\n" if name == "wrong" else "")
        )
    text = LINKED.replace(old, new)
    if "earlier" not in old:
        text = text.replace('earlier = ["first"]\n', "")
    (tmp_path / "spec.toml").write_text(text)
    result = run(
        "protect", tmp_path / "cells.csv", "--spec", tmp_path / "spec.toml", "--out", tmp_path / "out"
    )
    assert result.exit_code != 0
    assert message in str(result.exception) + result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ('method = "small-counts"', "sums are the sums of their parts"),
        ('method = "rounding"\nbase = 10', "sums are no longer the sums of their parts"),
        ('method = "cell-key"\nkey = "k"\nmost = 6', "sums are no longer the sums of their parts"),
    ],
)
def test_methods_that_change_counts(tmp_path, method, said):
    cells = simulated().assign(k=lambda frame: frame["n"] * 7919 + frame.index * 104729)
    cells.to_csv(tmp_path / "cells.csv", index=False)
    (tmp_path / "spec.toml").write_text(f"{method}\n{SPEC}")
    arguments = (tmp_path / "cells.csv", "--spec", tmp_path / "spec.toml", "--out", tmp_path / "out")
    result = run("protect", *arguments)
    assert result.exit_code == 0, result.exception
    assert said in result.output
    published = pd.read_csv(tmp_path / "out" / "published.csv")
    assert set(published["status"]) == {"perturbed"}
    true = sums(simulated())
    found = {(r.sector, r.citizenship, r.year): r.value for r in published.itertuples(index=False)}
    assert found.keys() == true.keys()
    assert found != true
    assert not {1, 2, 3, 4} & set(found.values())
    if "small" in method:
        inner = [[s[0] == "S", c[0] == "C", y[0] == "Y"] for s, c, y in found]
        total = sum(value for value, levels in zip(found.values(), inner, strict=True) if all(levels))
        assert found["_T", "_T", "_T"] == total
    assert "which changes counts and withholds none" in str(run("audit", tmp_path / "out").exception)


def test_what_protection_costs_is_shown_on_a_page_for_its_owner_alone(tmp_path):
    simulated().to_csv(tmp_path / "cells.csv", index=False)
    (tmp_path / "spec.toml").write_text(SPEC)
    page = tmp_path / "utility.html"
    result = run("utility", tmp_path / "cells.csv", "--spec", tmp_path / "spec.toml", "--out", page)
    assert result.exit_code == 0, result.exception
    assert page.stat().st_mode & 0o077 == 0
    withheld = re.search(r"withheld: ([\d,]+) of ([\d,]+) cells", result.output)
    assert f"<td>{withheld[2]}</td>" in page.read_text()


FLAT = 'count = "n"\nthreshold = 5\n[[dimension]]\nname = "x"\n[[dimension]]\nname = "y"\n'
FEW = "x,y,n\na,u,2\na,v,30\na,w,7\nb,u,1\nb,v,3\n"


@pytest.fixture
def flat(tmp_path):
    """Protects a small invented table: the specification, where it goes to, the cells."""

    def protect(spec, out="out", cells=FEW):
        (tmp_path / "cells.csv").write_text(cells)
        (tmp_path / f"{out}.toml").write_text(spec)
        result = run(
            "protect", tmp_path / "cells.csv", "--spec", tmp_path / f"{out}.toml", "--out", tmp_path / out
        )
        assert not result.exception or isinstance(result.exception, SystemExit | BorderstatsError), (
            result.exception
        )
        return result

    return protect


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (f'{FLAT}[[stricter]]\ndimension = "x"\ncodes = ["chld"]\nthreshold = 9\n', "no cell has the code 'chld'"),
        (f'method = "rounding"\n{FLAT}[[stricter]]\ndimension = "x"\ncodes = ["a"]\nthreshold = 9\n', "stricter: only suppression heeds it"),
        (f'method = "rounding"\nearlier = ["nowhere"]\n{FLAT}', "earlier: only suppression heeds it"),
        (f'method = "small-counts"\nknown = "nowhere.csv"\n{FLAT}', "known: only suppression heeds it"),
        (f'method = "rounding"\nevery_combination = true\n{FLAT}', "every_combination: only suppression heeds it"),
        (f'method = "rounding"\nfirst = [["x"]]\n{FLAT}', "first: only suppression heeds it"),
        (f"variance = 3.0\n{FLAT}", "variance: only cell-key heeds it"),
        (f"most = 6\n{FLAT}", "most: only cell-key heeds it"),
        (f'key = "k"\n{FLAT}', "key: only cell-key heeds it"),
        (f'method = "rounding"\nbase = 2\n{FLAT}', "base: 2 is below the threshold 5"),
        (f'method = "rounding"\nbase = 99999999999999999999\n{FLAT}', "base: at most 1,000,000"),
        (FLAT.replace("= 5", "= 99999999999999999999"), "threshold: at most 1,000,000"),
        (f'method = "cell-key"\nkey = "k"\nmost = 100000000\n{FLAT}', "at most 100 with cell keys"),
        (FLAT.replace('"y"', '"value"'), "'value' is the name of a column that the tables have besides"),
        (f'{FLAT}group = [{{ code = "", of = ["u"] }}]\n', "a group of y has no code"),
        (f'known = "nowhere.csv"\n{FLAT}', "nowhere.csv: there is no such file"),
    ],
)  # fmt: skip
def test_nothing_in_a_specification_is_quietly_ignored(flat, spec, message):
    result = flat(spec)
    assert result.exit_code != 0
    assert message in str(result.exception) + result.output


def test_counts_that_are_too_large_to_add_up_are_refused(flat):
    cells = "x,y,n\n" + "".join(f"a{n},u,999999999999999\n" for n in range(20))
    assert "the counts add up to more than" in str(flat(FLAT, cells=cells).exception)


@pytest.mark.parametrize("method", ["rounding", "small-counts"])
def test_a_table_of_zeros_is_changed_by_nothing(flat, method):
    result = flat(f'method = "{method}"\n{FLAT}', cells="x,y,n\na,u,0\nb,v,0\n")
    assert result.exit_code == 0, result.exception
    assert "0 cells, by 0 in the median" in result.output


def test_what_was_public_elsewhere_for_an_earlier_release_is_so_for_the_next(flat, tmp_path):
    (tmp_path / "known.csv").write_text("x,y,value\n_T,v,33\n")
    first = flat(f'known = "known.csv"\n{FLAT}[[table]]\ncolumns = ["x"]\n', "first")
    assert first.exit_code == 0, first.exception
    second = flat(f'earlier = ["first"]\n{FLAT}', "second")
    assert second.exit_code == 0, second.exception
    # 33 less (a, v) would be (b, v), which is 3.
    table = pd.read_csv(tmp_path / "second/published.csv").set_index(["x", "y"])
    assert table.loc[("a", "v"), "status"] == "suppressed"
    assert run("audit", tmp_path / "second").output.splitlines()[-1] == "disclosed cells: 0"


def test_the_audit_knows_what_another_release_publishes(flat, tmp_path):
    """The second release is made as if there were no first one, and is then audited beside it."""
    (tmp_path / "known.csv").write_text("x,y,value\n_T,v,33\n")
    flat(f'known = "known.csv"\n{FLAT}[[table]]\ncolumns = ["x"]\n', "first")
    flat(f'{FLAT}[[table]]\ncolumns = ["x", "y"]\n', "second")
    table = pd.read_csv(tmp_path / "second/published.csv").set_index(["x", "y"])
    assert run("audit", tmp_path / "second").exit_code == 0
    if table.loc[("a", "v"), "status"] == "suppressed":
        pytest.fail("the second release hides what the test needs to be public")
    secret = tmp_path / "second/confidential"
    (secret / "earlier.txt").write_text("../first\n")
    (secret / "earlier.csv").write_text('"release","certificate","x","y","change"\n')
    result = run("audit", tmp_path / "second")
    # 33 elsewhere, less 30 in the second release.
    assert "disclosed: b, v" in result.output
    assert result.exit_code != 0


def test_every_earlier_release_must_be_named_and_none_written_over(flat, tmp_path):
    flat(FLAT, "first")
    flat(f'earlier = ["first"]\n{FLAT}', "second")
    third = flat(f'earlier = ["second"]\n{FLAT}', "third")
    assert "held against it, so this one must be too; name it under earlier" in str(third.exception)
    assert "first" in str(third.exception)
    assert flat(f'earlier = ["first", "second"]\n{FLAT}', "third").exit_code == 0
    before = (tmp_path / "first/published.csv").read_bytes()
    assert "what is out is not written over" in str(flat(f'earlier = ["first"]\n{FLAT}', "first").exception)
    assert (tmp_path / "first/published.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("published.csv", "published", "foo", "it is published or suppressed"),
        ("published.csv", "43", "4_3", "'4_3' is no whole number"),
        ("published.csv", "43", "9" * 40, "too large for a count"),
        ("about.json", '"least_withheld": 1', '"least_withheld": -5', "least_withheld is -5"),
        ("confidential/certificates.csv", ",1", ",99999999999999999999", "too large for a count"),
    ],
)
def test_an_edited_folder_is_refused(flat, tmp_path, file, old, new, message):
    flat(FLAT)
    path = tmp_path / "out" / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    result = run("audit", tmp_path / "out")
    assert isinstance(result.exception, BorderstatsError)
    assert message in str(result.exception)


def test_nothing_confidential_goes_through_a_link(flat, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/confidential").symlink_to(tmp_path / "elsewhere")
    assert "is a link to another place" in str(flat(FLAT).exception)
    assert not list((tmp_path / "elsewhere").iterdir())
