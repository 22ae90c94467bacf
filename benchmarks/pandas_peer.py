"""The peer of `make bench`: the same two results, written as an analyst would with pandas.

Reads the seven nationwide files by state and computes

* the latest table: for every month the cells of the newest file that covers it, each with the as-of date since
  which it has had its value, sorted;
* the revisions: every cell that differs between two successive files in the months that both cover, with its kind.

Usage: pandas_peer.py FILE=DATE ... in the order of the dates. Prints cells and sum of the latest table, number and
net sum of the revisions, and the seconds without imports.
"""

import itertools
import sys
import time

import pandas as pd

KEY = ["region", "state", "demographic", "citizenship", "title", "month"]
NAMES = {
    "Land Border Region": "region",
    "State": "state",
    "Demographic": "demographic",
    "Citizenship": "citizenship",
    "Title of Authority": "title",
    "Encounter Count": "value",
}


def read(path: str, as_of: str) -> pd.DataFrame:
    """One file as a table with plain column names, calendar months, and one row for each cell."""
    table = pd.read_csv(path, dtype={"Fiscal Year": str}).rename(columns=NAMES)
    table["citizenship"] = table["citizenship"].replace("CHINA, PEOPLES REPUBLIC OF", "CHINA")
    table["demographic"] = table["demographic"].replace("UAC", "UC / Single Minors")
    fiscal_month = pd.to_datetime(table["Fiscal Year"].str[:4] + table["Month (abbv)"], format="%Y%b")
    autumn = table["Month (abbv)"].isin(["OCT", "NOV", "DEC"])
    table["month"] = fiscal_month.where(~autumn, fiscal_month - pd.DateOffset(years=1))
    table["as_of"] = pd.Timestamp(as_of)
    assert not table.duplicated(KEY).any()
    assert (table["value"] >= 0).all()
    return table[[*KEY, "value", "as_of"]]


def latest(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """The cells of each month's newest file, with the as-of date since which each has had its value."""
    everything = pd.concat(tables).sort_values([*KEY, "as_of"])
    newest = everything.groupby("month")["as_of"].transform("max")
    before = everything.groupby(KEY)["value"].shift()
    run = (before != everything["value"]).cumsum()
    everything["known_from"] = everything.groupby(run)["as_of"].transform("min")
    return everything[everything["as_of"] == newest]


def revisions(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Cells that are new, vanished or changed, in the months both files cover."""
    months = set(old["month"]) & set(new["month"])
    both = old[old["month"].isin(months)].merge(
        new[new["month"].isin(months)], on=KEY, how="outer", suffixes=("_old", "_new"), indicator="kind"
    )
    return both[both["value_old"] != both["value_new"]]


def main(arguments: list[str]) -> None:
    """Run once."""
    started = time.perf_counter()
    tables = [read(*argument.split("=")) for argument in arguments]
    table = latest(tables)
    changes = pd.concat([revisions(old, new) for old, new in itertools.pairwise(tables)])
    net = changes["value_new"].fillna(0).sum() - changes["value_old"].fillna(0).sum()
    print(len(table), table["value"].sum(), len(changes), int(net))
    print(time.perf_counter() - started)


if __name__ == "__main__":
    main(sys.argv[1:])
