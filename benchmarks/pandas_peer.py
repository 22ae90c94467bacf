"""The peer of `make bench`: what an analyst would write with pandas for the same two results.

Reads the seven nationwide files by state, and computes the latest table (for every month the value in the
newest file that covers it) and the revisions (every cell that differs between two successive files in the
months that both cover). Usage: pandas_peer.py FILE... with the files in order of their as-of dates.
"""

import sys

import pandas as pd

KEY = ["fiscal_year", "month", "region", "state", "demographic", "citizenship", "title"]
NAMES = {
    "Fiscal Year": "fiscal_year",
    "Month (abbv)": "month",
    "Land Border Region": "region",
    "State": "state",
    "Demographic": "demographic",
    "Citizenship": "citizenship",
    "Title of Authority": "title",
    "Encounter Count": "value",
}


def read(path: str) -> pd.DataFrame:
    """One file as a table with plain column names and one row for each cell."""
    table = pd.read_csv(path, dtype={"Fiscal Year": str}).rename(columns=NAMES)
    table["fiscal_year"] = table["fiscal_year"].str[:4].astype(int)
    table["citizenship"] = table["citizenship"].replace("CHINA, PEOPLES REPUBLIC OF", "CHINA")
    assert not table.duplicated(KEY).any()
    assert (table["value"] >= 0).all()
    return table[[*KEY, "value"]]


def revisions(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Cells that are new, vanished or changed, in the months both files cover."""
    months = old[["fiscal_year", "month"]].drop_duplicates().merge(
        new[["fiscal_year", "month"]].drop_duplicates()
    )
    both = old.merge(months).merge(new.merge(months), on=KEY, how="outer", suffixes=("_old", "_new"))
    return both[both["value_old"].fillna(0) != both["value_new"].fillna(0)]


def main(paths: list[str]) -> None:
    """Print the size and sum of the latest table, and the number and net sum of the revisions."""
    tables = [read(path) for path in paths]
    for number, table in enumerate(tables):
        table["vintage"] = number
    everything = pd.concat(tables)
    newest = everything.groupby(["fiscal_year", "month"])["vintage"].transform("max")
    latest = everything[everything["vintage"] == newest]
    changes = pd.concat([revisions(old, new) for old, new in zip(tables, tables[1:], strict=False)])
    net = changes["value_new"].fillna(0).sum() - changes["value_old"].fillna(0).sum()
    print(len(latest), latest["value"].sum(), len(changes), int(net))


main(sys.argv[1:])
