"""Why an answer has nothing in it: an empty one without a reason would look like a zero."""

from dataclasses import replace
from itertools import combinations

from borderstats import periods
from borderstats.serve.problem import one_of
from borderstats.serve.store import Query, Store
from borderstats.standard.codelists import TOTAL


def codes(store: Store, dataset: str, column: str) -> list[str]:
    """The codes that a dataset has in a column of its key."""
    if column == "freq":
        return list(dict.fromkeys(periods.FREQUENCIES.values()))
    return [code.code for code in store.meta(dataset).dimension(column).codes]


def unknown(store: Store, query: Query) -> str:
    """The first code that is asked for and that the dataset never had, with those that it has; empty if there is none."""
    key = store.columns(query.dataset)[:-1]
    for test in query.tests:
        if test.column in key and test.operator == "eq":
            known = codes(store, query.dataset, test.column)
            for value in test.values:
                if value not in known:
                    return f"{test.column.upper()}: {one_of('code', str(value), known)}"
    return ""


def before_all(store: Store, query: Query) -> str:
    """That a query asks about a day before the first on which anything of its dataset was known; empty if it does not."""
    if query.as_of is None or query.since is not None:
        return ""
    vintages = store.meta(query.dataset).vintages
    first = min(
        (one.as_of if query.days == "edition" else one.known for one in vintages), default=query.as_of
    )
    if query.as_of >= first:
        return ""
    speaks = "speaks for" if query.days == "edition" else "became known on"
    return f"on {query.as_of} nothing of {query.dataset} was known: its first edition {speaks} {first}"


def nothing(store: Store, query: Query) -> str:
    """Why a query finds no observation: a code or a day too early, dimensions that are not crossed, periods without figures."""
    if known := unknown(store, query) or before_all(store, query):
        return known
    latest = store.latest(query.dataset)
    if query.periods is not None:
        without = replace(query, periods=None, first=None, last=None, offset=0, limit=None)
        found = latest.take(latest.rows(without))["period"].unique().to_pylist()
        if found:
            return f"there are such figures of {len(found)} other periods, {min(found)} to {max(found)}"
    single = [
        test.column
        for test in query.tests
        if test.column in store.columns(query.dataset)[:-2]
        and test.operator == "eq"
        and TOTAL not in test.values
    ]
    for one, other in combinations(single, 2):
        if not latest.crosses(one, other, TOTAL):
            return (
                f"{one} and {other} are not crossed: no figure is of a code of both; leave one of them out, or ask for its total, "
                f"{TOTAL}"
            )
    return "no figure is of all these codes together; leave one of them out to see which there are"
