"""Every contradiction in families, layouts and tables, each made by one edit of the real standard."""

import pytest

ENCOUNTER = "records/encounter.toml"
OLDER = "layouts/usbp-apprehensions-older.toml"
SOUTHWEST = "tables/southwest-encounters.toml"

ONE = {
    # families
    "a key that is no field": (
        ENCOUNTER, 'key = "event_key"', 'key = "number"', "$.key: no field 'number'; known are age, ",
    ),
    "a time that is a code": (
        ENCOUNTER, 'time = "encounter_time"', 'time = "title"', "$.time: the field title must be of type time",
    ),
    "a code without its concept": (
        ENCOUNTER, 'concept = "region"\n', "", "$.fields[4]: the field 'concept' is missing with type 'code'",
    ),
    "a concept that does not exist": (
        ENCOUNTER, 'concept = "region"', 'concept = "border"', "$.fields[4].concept: no concept 'border'; known are ",
    ),
    "a scope that is no field": (
        ENCOUNTER, 'scope = "component"', 'scope = "agency"', "$.fields[5].scope: no field 'agency'",
    ),
    "a rule over a field that is not there": (
        ENCOUNTER, 'other = "entry_time"', 'other = "exit_time"', "$.rules[5].other: no field 'exit_time'",
    ),
    "a rule with a code that does not exist": (
        ENCOUNTER, 'demographic = ["SA"]', 'demographic = ["OLD"]', "$.rules[3].when.demographic: demographic has no code 'OLD'",
    ),
    "a reference to a family that does not exist": (
        "records/outcome.toml", 'family = "encounter"', 'family = "meeting"', "$.rules[2].family: no family 'meeting'; known are custody, ",
    ),
    "a rule with a field that it ignores": (
        ENCOUNTER, 'rule = "unique"\n', 'rule = "unique"\nminutes = 3\n',
        "$.rules[6]: no field 'minutes' with rule 'unique'; known are rule, name, sentence, fields",
    ),
    "a rule without what it needs": (
        ENCOUNTER, "minutes = 60\n", "", "$.rules[7]: the field 'minutes' is missing with rule 'apart'",
    ),
    "a row without the code that follows": (
        ENCOUNTER, 'title = "T42", encounter_type = "EXP"', 'title = "T42"',
        "$.rules[0].table[0]: a row has the code of encounter_type and those of others from which it follows",
    ),
    "a row from which everything follows": (
        ENCOUNTER, 'title = "T42", encounter_type = "EXP"', 'encounter_type = "EXP"',
        "$.rules[0].table[0]: a row has the code of encounter_type and those of others from which it follows",
    ),
    "codes of a time": (
        ENCOUNTER, 'field = "component"\ncodes', 'field = "entry_time"\ncodes',
        "$.rules[4].field: the field entry_time must be of type code",
    ),
    "bounds of codes": (
        ENCOUNTER, 'field = "age"\nmaximum = 17', 'field = "title"\nmaximum = 17',
        "$.rules[2].field: title is of type code; only times and numbers lie within bounds",
    ),
    "days as bounds of a number": (
        ENCOUNTER, "maximum = 17", "maximum = 2017-01-01", "$.rules[2]: age is of type whole; its bounds are numbers",
    ),
    "numbers as bounds of a time": (
        ENCOUNTER, "minimum = 2020-03-21\nmaximum = 2023-05-11", "minimum = 2020",
        "$.rules[1]: encounter_time is of type time; its bounds are days like 2024-01-31",
    ),
    "bounds that leave nothing": (
        ENCOUNTER, "minimum = 2020-03-21", "minimum = 2024-03-21",
        "$.rules[1].maximum: 2023-05-11 is below the minimum, 2024-03-21",
    ),
    "no bound": (
        ENCOUNTER, "maximum = 17\n", "", "$.rules[2]: give minimum, maximum or both",
    ),
    "an infinite bound": (
        ENCOUNTER, "maximum = 3000", "maximum = inf", "$.fields[12]: a bound is a finite number; leave it out where there is none",
    ),
    "a bound as text": (
        ENCOUNTER, "minimum = 1990-01-01", 'minimum = "1990-01-01"', "$.fields[2].minimum: expected `date | null`, got `str`",
    ),
    "no code in when": (
        ENCOUNTER, 'demographic = ["SA"]', "demographic = []", "$.rules[3].when.demographic: expected `array` of length >= 1",
    ),
    "two rules of one name": (
        ENCOUNTER, 'name = "event-once"', 'name = "entry-not-after-encounter"',
        "$.rules: 'entry-not-after-encounter' stands there twice; each has a name of its own",
    ),
    "two fields of one name": (
        ENCOUNTER, 'name = "entry_time"', 'name = "encounter_time"',
        "$.fields: 'encounter_time' stands there twice; each has a name of its own",
    ),
    "a field that is called as the reason of another": (
        ENCOUNTER, 'name = "entry_time"', 'name = "age_missing"', "$.fields[11].name: 'age_missing'; a name has small letters",
    ),
    "a profile by a field that is not there": (
        ENCOUNTER, 'by = "office"', 'by = "station"', "$.profile.by: no field 'station'",
    ),
    "a profile by a time": (
        ENCOUNTER, 'by = "office"', 'by = "encounter_time"', "$.profile.by: the field encounter_time must be of type code",
    ),
    "a share above one": (
        ENCOUNTER, "repeats = 0.95", "repeats = 95.0", "$.profile.repeats: a share above 0 and up to 1",
    ),
    "a profile that judges nothing": (
        ENCOUNTER, "least = 100", "least = 0", "$.profile: least is at least 1, and change above 0",
    ),
    # layouts
    "a feed into a field that does not exist": (
        OLDER, 'office = ["SECTOR"]', 'sector = ["SECTOR"]', "$.feeds[0].fields: encounter has no field 'sector'; name one of its fields",
    ),
    "a feed without a field that is required": (
        OLDER, 'encounter_time = ["APPR_DT_TIME"]\n', "", "$.feeds[0]: 'encounter_time' is required in encounter; feed it",
    ),
    "a constant that is no code": (
        OLDER, 'title = "T8"', 'title = "T88"', "$.feeds[0].constants: 'T88' is no code of title; use one of codelists",
    ),
    # tables
    "a table of a family that does not exist": (
        SOUTHWEST, 'family = "encounter"', 'family = "meeting"', "$.family: no family 'meeting'",
    ),
    "a table in a unit that does not exist": (
        SOUTHWEST, 'unit = "EVENTS"', 'unit = "HEADS"', "$.unit: no unit 'HEADS'",
    ),
    "a table by a dimension that is not there": (
        SOUTHWEST, '"region", "component", ', '"region", "weather", ', "$.sets[0]: no dimension 'weather'",
    ),
    "a table limited to a code that does not exist": (
        SOUTHWEST, 'region = ["SW"]', 'region = ["SEA"]', "$.where: region has no code 'SEA'",
    ),
    "a table beside a dataset that does not exist": (
        SOUTHWEST, 'dataset = "cbp-encounters-southwest"', 'dataset = "cbp"', "$.dataset: no dataset 'cbp'",
    ),
    "a table with a dimension that its dataset does not have": (
        SOUTHWEST, 'citizenship_group = "citizenship"', 'citizenship_group = "nation"', "$.dataset_dimensions: no dimension of the dataset 'nation'",
    ),
    "a table whose dimension has another code list than its dataset's": (
        SOUTHWEST, 'citizenship_group = "citizenship"', 'citizenship_group = "title"', "$.dataset_dimensions: citizenship_group and title have different code lists",
    ),
    "a recode into a code that does not exist": (
        SOUTHWEST, 'otherwise = "O4"', 'otherwise = "O5"', "$.recodes[0]: citizenship_group has no code 'O5'",
    ),
    "bands with too few codes": (
        "tables/encounters-distance.toml", 'codes = ["LAND_100", "FARTHER"]', 'codes = ["LAND_100"]', "$.bands[0].codes: one code more than edges, the last for all beyond",
    ),
    "a percentile above one": (
        "tables/custody-hours-90th-percentile.toml", "share = 0.9", "share = 90.0", "$.share: expected `float` <= 1.0",
    ),
    "a rolling year of records": (
        "tables/persons-rolling-year.toml", 'measure = "persons"', 'measure = "records"', "$.every: 'rolling_year' is none of month, fiscal_year",
    ),
    "a measure without what it needs": (
        "tables/persons-encountered-again.toml", "least = 2\n", "", "$: the field 'least' is missing with measure 'repeaters'",
    ),
    "a measure with what it ignores": (
        "tables/persons-year.toml", 'measure = "persons"\n', 'measure = "persons"\nleast = 2\n', "$: no field 'least' with measure 'persons'; known are ",
    ),
    "no measure": (
        SOUTHWEST, 'measure = "records"\n', "",
        "$: the field 'measure' is missing; it is one of records, persons, repeaters, returning, quantile",
    ),
    "a percentile of something else than a time": (
        "tables/custody-hours-90th-percentile.toml", 'until = "', 'until = "place"\ntrap = "', "$.until: the field place must be of type time",
    ),
    "edges that fall": (
        "tables/encounters-time-since-entry.toml", "edges = [", "edges = [9999, ", "$.bands[0].edges: they rise, each above the one before",
    ),
    "bands of a code": (
        "tables/encounters-distance.toml", 'field = "distance_miles"', 'field = "title"', "$.bands[0].field: the field title must be of type whole or number",
    ),
    "names of a dataset that there is not": (
        SOUTHWEST, 'dataset = "cbp-encounters-southwest"\n', "",
        "$.dataset_dimensions: name the dataset whose dimensions they are, or leave them out",
    ),
    "a dimension twice in a set": (
        SOUTHWEST, '"region", "component", ', '"region", "region", ', "$.sets[0]: a dimension stands there twice",
    ),
    "a link to a family that does not exist": (
        "tables/cohort-outcomes.toml", 'family = "outcome"', 'family = "end"', "$.link.family: no family 'end'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "finding"), ONE.values(), ids=ONE)
def test_a_contradiction_is_named_with_file_and_place(copy, file, old, new, finding):
    copy.replace(file, old, new)
    assert any(line.startswith(f"{file}: {finding}") for line in copy.findings), copy.findings
