"""What cannot be read in the standard is named by file and path; what can be read is read whole."""

import shutil

import pytest

from borderstats.errors import StandardError
from borderstats.standard.decode import pairs
from borderstats.standard.load import load

NATION = "datasets/usbp-apprehensions-nation.toml"


def test_the_copy_loads_as_it_is(copy, standard):
    assert load(copy.folder) == standard


def test_the_hash_changes_with_any_byte_and_any_name_but_not_with_the_folder(copy, standard):
    assert load(copy.folder).hash == standard.hash
    copy.append("home.toml", "# a remark\n")
    first = load(copy.folder).hash
    assert first != standard.hash
    copy.write("notes.txt", "no part of the standard")
    assert load(copy.folder).hash == first


def test_a_folder_that_is_no_standard(tmp_path):
    with pytest.raises(StandardError) as caught:
        load(tmp_path / "nowhere")
    assert str(caught.value) == (
        f"{tmp_path / 'nowhere'}: no standard here (concepts.toml is missing); "
        "run borderstats in the project's folder or give --standard"
    )


def test_an_unknown_field(copy):
    copy.replace(NATION, "unit =", 'colour = "red"\nunit =')
    (line,) = copy.findings
    assert line.startswith(f"{NATION}: $: no field 'colour'; known are id, title, counts, unit, dimensions, ")


def test_an_unknown_field_further_in_is_named_with_its_path(copy):
    copy.replace(NATION, 'concept = "component"', 'concept = "component"\nsum = true')
    assert copy.findings == [
        f"{NATION}: $.dimensions[0]: no field 'sum'; known are concept, total, determined_by"
    ]


def test_an_unknown_field_of_a_concept(copy):
    copy.replace("concepts.toml", "[component]\n", "[component]\ncolour = 1\n")
    assert copy.findings[0] == (
        "concepts.toml: $.component: no field 'colour'; known are label, definition, codelist, label_es, source, parents, scope"
    )


def test_a_wrong_type(copy):
    copy.replace(NATION, "provisions = [1, 16]", 'provisions = "1 and 16"')
    assert copy.findings == [f"{NATION}: $.provisions: expected `array`, got `str`"]


def test_a_missing_field(copy):
    copy.replace(NATION, 'unit = "EVENTS"\n', "")
    assert copy.findings == [f"{NATION}: $: the field 'unit' is missing"]


def test_a_rule_that_does_not_exist(copy):
    copy.replace("datasets/cbp-encounters-state.toml", 'rule = "only_with"', 'rule = "only_wth"')
    assert copy.findings == [
        (
            "datasets/cbp-encounters-state.toml: $.gates[1].rule: no rule 'only_wth'; known are additive, parts_within_whole, "
            "months_make_year, determined, only_within, only_with, agrees_with, year_between_months, closed_years, "
            "revisions_within, final"
        )
    ]


def test_broken_toml(copy):
    copy.append("home.toml", "x = [\n")
    assert copy.findings == ["home.toml: Invalid value (at end of document)"]


def test_toml_that_is_not_utf_8(copy):
    copy.write("home.toml", b'x = "\xff"\n')
    assert copy.findings == [
        "home.toml: 'utf-8' codec can't decode byte 0xff in position 5: invalid start byte"
    ]


def test_an_id_that_is_not_the_name_of_its_file(copy):
    copy.replace(NATION, 'id = "usbp-apprehensions-nation"', 'id = "nation"')
    assert copy.findings == [f"{NATION}: $.id: 'nation' is not the name of its file; they must be equal"]


def test_a_missing_file_without_which_there_is_no_standard(copy):
    (copy.folder / "office.toml").unlink()
    assert copy.findings == ["office.toml: missing; a standard cannot do without it"]


@pytest.mark.parametrize(
    ("name", "part"),
    [("home.toml", "headlines"), ("breaks.csv", "breaks"), ("protection.toml", "protections")],
)
def test_any_other_file_may_be_absent(copy, name, part):
    (copy.folder / name).unlink()
    assert getattr(load(copy.folder), part) == ()


@pytest.mark.parametrize("name", ["wavers.csv", "codelists/title.toml", "dataset/nation.toml"])
def test_a_file_that_is_no_part_of_a_standard(copy, name):
    (copy.folder / name).parent.mkdir(exist_ok=True)
    copy.write(name, "")
    (line,) = copy.findings
    assert line.startswith(f"{name}: no part of a standard; known are office.toml, ")


@pytest.mark.parametrize("folder", ["datasets", "sources"])
def test_a_standard_without_datasets_or_sources(copy, folder):
    shutil.rmtree(copy.folder / folder)
    assert copy.findings == [
        f"{folder}: no file; a standard has at least one dataset and one source that feeds it"
    ]


def test_a_csv_row_with_too_few_cells(copy):
    copy.append("codelists/title.csv", "T50,Title 50\n")
    assert copy.findings == [
        "codelists/title.csv: line 6: the row does not have as many cells as the header; check its commas and quotes"
    ]


def test_a_csv_row_with_too_many_cells(copy):
    copy.append("codelists/title.csv", "T50,Title 50" + "," * 12 + "\n")
    assert copy.findings == [
        "codelists/title.csv: line 6: the row does not have as many cells as the header; check its commas and quotes"
    ]


def test_a_csv_column_that_nobody_knows(copy):
    copy.replace("codelists/title.csv", "label_es", "label_fr")
    assert copy.findings == [
        (
            "codelists/title.csv: line 1: no column 'label_fr'; known are code, label_en, label_es, aliases, parent, scope, "
            "valid_from, valid_to, predecessor, successor, iso3166, note"
        ),
    ]


def test_a_csv_cell_of_the_wrong_type(copy):
    copy.replace("codelists/title.csv", "2020-03-20", "20 March 2020")
    assert copy.findings == ["codelists/title.csv: line 3: column valid_from: invalid RFC3339 encoded date"]


def test_a_check_value_that_is_no_number(copy):
    copy.replace("checks.csv", ",929809,", ",about 929809,")
    assert copy.findings == ["checks.csv: line 2: column value: expected `int | float`, got `str`"]


def test_a_key_that_is_no_pair(copy):
    copy.replace("checks.csv", "region=SW", "region")
    assert copy.findings == [
        "checks.csv: line 2: 'region' is not of the form dimension=CODE; separate several with |"
    ]


def test_a_code_without_its_spanish_label(copy):
    copy.append("codelists/title.csv", "T50,Title 50,,,,,,,,,,\nT51,Title 51,,,,,,,,,,\n")
    (line,) = copy.findings
    assert line == (
        "codelists/title.csv: T50: label_es (and 1 more in this file): missing; "
        "`languages` of office.toml says that every label is also in es"
    )


def test_labels_in_a_language_that_the_standard_does_not_have(copy):
    copy.replace("office.toml", 'languages = ["en", "es"]', 'languages = ["en"]')
    line = "codelists/title.csv: T8: label_es (and 3 more in this file): given, but `languages` of office.toml has no es; "
    assert line + "add it there, or take the label out" in copy.findings


def test_a_csv_that_is_not_utf_8(copy):
    copy.write("codelists/title.csv", b"code,label_en,label_es\nT8,x,T\xedtulo\n")
    assert copy.findings == [
        "codelists/title.csv: 'utf-8' codec can't decode byte 0xed in position 29: invalid continuation byte"
    ]


def test_everything_that_cannot_be_read_is_reported_at_once(copy):
    copy.append("home.toml", "x = [\n")
    copy.append("codelists/title.csv", "T50\n")
    copy.replace(NATION, 'unit = "EVENTS"\n', "")
    assert [line.split(":")[0] for line in copy.findings] == ["codelists/title.csv", NATION, "home.toml"]


def test_a_new_dataset_is_one_file(copy):
    shutil.copy(copy.folder / NATION, copy.folder / "datasets/nation-again.toml")
    copy.replace("datasets/nation-again.toml", 'id = "usbp-apprehensions-nation"', 'id = "nation-again"')
    assert "nation-again" in load(copy.folder).datasets


def test_pairs():
    assert pairs("region=SW|office = SDC") == {"region": "SW", "office": "SDC"}
    assert pairs("") == {}
    assert pairs("a=b=c") == {"a": "b=c"}
