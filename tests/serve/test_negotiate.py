"""The form of an answer: the most specific range of a client decides."""

import pytest

from borderstats.serve.negotiate import choose
from borderstats.serve.problem import Problem
from borderstats.serve.sdmx import DATA_21, DATA_30, STRUCTURE_21

VENDOR = "application/vnd.sdmx."


@pytest.mark.parametrize(
    ("accept", "wanted", "found"),
    [
        ("*/*", "", "generic-2.1"),
        ("", "", "generic-2.1"),
        ("application/xml", "", "generic-2.1"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", "generic-2.1"),
        (f"{VENDOR}structurespecificdata+xml;version=2.1", "", "structurespecific-2.1"),
        (f"{VENDOR}structurespecificdata+xml; version=2.1 ;q=0.5, */*;q=0.1", "", "structurespecific-2.1"),
        (f"{VENDOR}data+csv", "", "csv-1.0"),
        (f"{VENDOR}data+csv;version=2.0.0", "", "csv-2.0"),
        (f"{VENDOR}data+csv;version=2.0.0;labels=id", "", "csv-2.0"),
        ("text/csv", "", "csv-1.0"),
        (f"{VENDOR}data+json;version=2.0.0, application/xml;q=0.2", "", "json-2.0"),
        ("application/xml;q=0, */*", "", "generic-2.1"),
        ("*/*", "csv", "csv-1.0"),
        ("*/*", "json", "json-2.0"),
        ("image/png", f"{VENDOR}data+xml;version=3.0.0", "xml-3.0"),
    ],
)
def test_forms_of_data(accept, wanted, found):
    assert choose(accept, wanted, DATA_21)[0].id == found


def test_the_media_type_is_the_one_that_was_asked_for():
    assert choose("application/json", "", DATA_30)[1] == "application/json"
    assert choose("*/*", "", DATA_30)[1] == f"{VENDOR}data+json;version=2.0.0"
    assert choose("application/xml", "", STRUCTURE_21)[1] == "application/xml"


@pytest.mark.parametrize(("accept", "wanted"), [("image/png", ""), ("*/*", "xls"), (f"{VENDOR}data+json;version=9", ""), ("*/*;q=0", "")])  # fmt: skip
def test_what_there_is_not(accept, wanted):
    with pytest.raises(Problem) as problem:
        choose(accept, wanted, DATA_21)
    assert problem.value.status == 406
