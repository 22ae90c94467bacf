"""How many return, and how plausible the rest looks: the invented shares do what their sentences say."""

import duckdb
import pytest

from borderstats.simulate.run import simulate

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ask(standard, observations, tmp_path_factory):
    """A function from SQL over larger files to rows."""
    out = tmp_path_factory.mktemp("larger") / "larger.parquet"
    made = simulate(standard, observations, out, 100_000, 3)
    connection = duckdb.connect()
    for family, path in made.files.items():
        connection.read_parquet(str(path)).create_view(family)
    return lambda sql: connection.sql(sql).fetchall()


def test_between_12_and_27_percent_of_border_patrol_encounters_under_title_42_years_are_of_returners(ask):
    rows = ask(
        """
        with seen as (
            select encounter_time as met,
                lag(encounter_time) over (partition by person_key order by encounter_time) as before
            from encounter where component = 'USBP' and person_key is not null)
        select year(met + interval 3 month) as fiscal_year,
            avg(coalesce(before >= met - interval 12 month, false)::int)
        from seen group by 1 order by 1
        """
    )
    share = dict(rows)
    assert all(0.12 <= share[year] <= 0.27 for year in (2021, 2022, 2023))
    assert share[2024] < 0.1


def test_a_few_persons_are_not_recorded(ask):
    [(share, same)] = ask(
        "select avg((person_key is null)::int), bool_and((person_key is null) = (person_key_missing = 'NOT_RECORDED')"
        " or person_key_missing is null and person_key is not null) from encounter"
    )
    assert 0.005 < share < 0.02
    assert same


@pytest.mark.parametrize("field", ["person_key", "office", "age", "entry_time", "distance_miles"])
def test_a_value_and_the_reason_for_its_absence_exclude_one_another(ask, field):
    [(wrong,)] = ask(
        f"select count(*) from encounter where ({field} is null) <> ({field}_missing is not null)"
    )
    assert wrong == 0


def test_custody_in_cbp_places_has_a_median_of_about_30_hours_and_a_tail(ask):
    [(median, tail)] = ask(
        "select median(date_diff('minute', encounter_time, book_out) / 60), avg((date_diff('hour', encounter_time,"
        " book_out) > 72)::int) from custody join encounter using (event_key)"
        " where title = 'T8' and holding_agency <> 'ICE'"
    )
    assert 25 < median < 35
    assert 0.05 < tail < 0.25


def test_most_are_found_near_the_border_on_the_day_of_entry(ask):
    [(near, far, same_day)] = ask(
        "select avg((distance_miles < 5)::int), max(distance_miles),"
        " avg((entry_time::date = encounter_time::date)::int) from encounter where component = 'USBP'"
    )
    assert near > 0.6
    assert 100 < far <= 3000
    assert same_day > 0.6


def test_outcomes_are_those_of_the_title_and_group_and_some_are_pending(ask):
    rows = ask(
        "select distinct event_outcome from outcome join encounter using (event_key) where title = 'T42'"
    )
    assert rows == [("EXPULSION",)]
    [(children,)] = ask(
        "select avg((event_outcome = 'TO_HHS')::int) from outcome join encounter using (event_key)"
        " where title = 'T8' and demographic = 'UC'"
    )
    assert children > 0.9
    [(pending, twice)] = ask(
        "select avg((n = 0)::int), avg((n > 1)::int) from (select count(outcome_key) as n from encounter"
        " left join outcome using (event_key) group by event_key)"
    )
    assert 0.005 < pending < 0.1
    assert twice > 0.1
