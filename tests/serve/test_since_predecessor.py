"""Who holds a release and asks what has changed since is told what differs by us, too: of what follows from `account.csv`."""

import json

from borderstats.serve import api
from borderstats.serve.limits import Limits
from borderstats.serve.request import Request
from borderstats.serve.store import Store
from small_office import OLDER, change, put_aside

EXCHANGED = (("Sunhaven", "?"), ("Westmole", "Sunhaven"), ("?", "Westmole"))


def test_the_revisions_tell_the_kinds_of_what_differs_by_us(office):
    folder, build = office
    first = build()
    put_aside(folder, OLDER)
    change(folder / "standard/codelists/port.csv", *EXCHANGED)
    second = build(first, "The labels had been exchanged.")

    def asked(release, *pairs):
        return json.loads(api.revisions(Store(release, Limits()), Request({}, pairs)).make())["account"]

    assert asked(first) is None
    told = asked(second)
    assert (told["previous"], told["reason"]) == (first.name, "The labels had been exchanged.")
    assert [(one["dataset"], one["by"], one["kind"]) for one in told["figures"]] == [
        ("ship-calls", "us", "withdrawn"), ("ship-calls", "us", "standard"), ("staff", "us", "standard"),
    ]  # fmt: skip
    narrowed = asked(second, ("dataset", "staff"))
    assert narrowed == {**told, "figures": told["figures"][2:]}
