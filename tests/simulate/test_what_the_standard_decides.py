"""A change of `simulation.toml` changes the records: nothing invented stands in the code."""

import duckdb
import pytest
from msgspec import convert, structs, to_builtins

from borderstats.errors import StandardError
from borderstats.simulate.run import simulate
from borderstats.standard.simulation import FAMILIES, Simulation

pytestmark = pytest.mark.slow

ROWS, SEED = 4000, 5


@pytest.fixture
def ask(standard, observations, tmp_path):
    """A function from a change of the knowledge to a function from SQL to the one row that it finds."""

    def changed(change, errors=0.0):
        known = to_builtins(standard.simulation)
        change(known)
        other = structs.replace(standard, simulation=convert(known, Simulation))
        made = simulate(other, observations, tmp_path / "made.parquet", ROWS, SEED, errors)
        connection = duckdb.connect()
        for family in FAMILIES:
            connection.read_parquet(str(made.files[family])).create_view(family)
        return lambda sql: connection.sql(sql).fetchall()[0], made

    return changed


def test_persons_ages_and_what_is_missing(ask):
    def change(known):
        known["persons"] |= {"missing": 0.5, "age_missing": 0, "returning": []}
        known["persons"]["ages"] = [{"years": [40] * 8, "youngest": 40, "oldest": 40}]

    sql, _ = ask(change)
    missing, ages, encounters, persons = sql(
        "select avg((person_key is null)::int), list(distinct age), count(person_key), count(distinct person_key)"
        " from encounter"
    )
    assert missing == pytest.approx(0.5, abs=0.05)
    assert ages == [40]
    assert encounters == persons


def test_entry_and_distance(ask):
    def change(known):
        known["entry"] = {"when": {"component": ["OFO"]}, "hours": [2] * 8, "missing": 0}
        known["distance"] |= {"miles": [7] * 8, "missing": 0, "elsewhere": 1}

    sql, _ = ask(change)
    assert sql(
        "select bool_and((entry_time is null) = (component = 'USBP')),"
        " bool_and(entry_time is null or encounter_time - entry_time = interval 2 hour),"
        " bool_and(distance_miles = case component when 'USBP' then 7 else 1 end) from encounter"
    ) == (True, True, True)


def test_dispositions_custody_and_detention(ask):
    def change(known):
        known["cutoff_days"] = 1000
        known["dispositions"] = {"first": [{"outcomes": {"TO_OTHER": 1}}], "waits": [{"hours": [10] * 8}]}
        known["custody"] = {"place": "Room", "book_in": 0.5, "held": [{"share": 1}]}
        known["detention"] |= {"component": "OFO", "place": "House", "places": 1, "after": {"TO_OTHER": 1}}
        known["detention"] |= {"delay_hours": 5, "days": [3] * 8, "otherwise": {"OSUP": 1}}
        known["persons"]["missing"] = 0
        known["later"]["outcomes"] = {}
        known["prosecution"]["referred"] = [{"share": 1}]
        known["prosecution"]["statutes"] = {"1324": 1}

    sql, _ = ask(change)
    waited = "select event_key, least(encounter_time + interval 10 hour, outcome_time) as disposed from encounter join outcome using (event_key)"
    assert sql("select list(distinct event_outcome), count(*) from outcome") == (["TO_OTHER"], ROWS)
    assert sql(
        "select count(*), bool_and(book_out = outcome_time),"
        " bool_and(abs(epoch(book_in) - (epoch(encounter_time) + epoch(outcome_time)) / 2) <= 1)"
        " from custody join encounter using (event_key) join outcome using (event_key) where place like 'Room %'"
    ) == (ROWS, True, True)
    assert sql(
        f"select count(*), list(distinct holding_agency), list(distinct release_reason), bool_and(book_in = disposed + interval 5 hour),"
        f" bool_and(book_out - book_in = interval 3 day) from custody join ({waited}) using (event_key) where place = 'House 1'"
    ) == (ROWS, ["OFO"], ["OSUP"], True, True)
    assert sql("select count(*), list(distinct statute) from prosecution") == (ROWS, ["1324"])


def test_a_screening_before_and_one_after_the_disposition(ask):
    def change(known):
        known["cutoff_days"] = 1000
        known["dispositions"]["first"] = [
            {"when": {"title": ["T42"]}, "outcomes": {"EXPULSION": 1}},
            {"when": {"title": ["T8"]}, "outcomes": {"PAROLE": 1}},
        ]
        before = {
            "timing": "before",
            "kind": "CREDIBLE",
            "disposition": "EXPULSION",
            "share": 1,
            "referred": 0,
        }
        after = {"timing": "after", "kind": "CHILD", "disposition": "PAROLE", "share": 1}
        known["screenings"] = [before, {**after, "days": [4] * 8, "results": {"NEGATIVE": 1}}]

    sql, _ = ask(change)
    joined = "screening join encounter using (event_key) join outcome using (event_key)"
    assert sql(
        "select bool_and(referred = encounter_time and decided = outcome_time and fear_result is null),"
        f" list(distinct screening_kind), count(*) > 0 from {joined} where title = 'T42'"
    ) == (True, ["CREDIBLE"], True)
    assert sql(
        "select bool_and(referred = outcome_time and decided - referred = interval 4 day), list(distinct fear_result),"
        f" list(distinct screening_kind), count(*) > 0 from {joined} where title = 'T8'"
    ) == (True, ["NEGATIVE"], ["CHILD"], True)


def test_later_outcomes_and_repatriations(ask):
    def change(known):
        known["cutoff_days"] = 1000
        known["dispositions"]["first"] = [{"outcomes": {"PAROLE": 1}}]
        known["later"] = {"outcomes": {"PAROLE": {"RELEASE": 1}}, "days": [9] * 8}
        known["repatriation"] = {"outcomes": ["RELEASE"], "types": {}, "otherwise": "CREW"}

    sql, _ = ask(change)
    assert sql(
        "select count(*), list(distinct l.repatriation_type), bool_and(l.outcome_time - f.outcome_time = interval 9 day),"
        " count(f.repatriation_type) from outcome f join outcome l using (event_key)"
        " where f.event_outcome = 'PAROLE' and l.event_outcome = 'RELEASE'"
    ) == (ROWS, ["CREW"], True, 0)


def test_mistakes(ask):
    def change(known):
        known["mistakes"] = {"children": ["SA"], "age": 12, "types": ["EXP", "INA"], "early_hours": 3}

    sql, made = ask(change, 0.5)
    [children, types] = sql(
        "select count(*) filter (demographic = 'SA' and age = 12), list(distinct encounter_type order by encounter_type)"
        " from encounter where component = 'USBP' and title = 'T8'"
    )
    assert 0 < children <= made.spoiled["child of 12"]
    assert types == ["APP", "EXP"]
    assert sql(
        "select list(distinct book_in - book_out) = [interval 3 hour] from custody where book_out < book_in"
    ) == (True,)


def test_components_and_offices_of_the_margins(ask):
    def change(known):
        known["margins"]["offices"] = known["margins"]["offices"][:1]

    sql, _ = ask(change)
    assert sql("select count(office) filter (component = 'OFO'), count(office) > 0 from encounter") == (
        0,
        True,
    )


def test_a_standard_without_the_file_has_nothing_to_simulate(standard, observations, tmp_path):
    with pytest.raises(
        StandardError, match=r"^this standard has no simulation\.toml, which says what is simulated"
    ):
        simulate(structs.replace(standard, simulation=None), observations, tmp_path / "made.parquet", 10)
    assert list(tmp_path.iterdir()) == []
