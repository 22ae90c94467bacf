"""Every contradiction that the standard's own check can find, each made by one edit of the real standard."""

import tomllib
from pathlib import Path

import pytest

REAL = Path(__file__).parents[2] / "standard"
DATASETS = ", ".join(sorted(path.stem for path in REAL.glob("datasets/*.toml")))
LISTS = ", ".join(sorted(path.stem for path in REAL.glob("codelists/*.csv")))
CONCEPTS = ", ".join(sorted(tomllib.loads((REAL / "concepts.toml").read_text("utf-8"))))

AID = "datasets/foreign-assistance.toml"
STATE = "datasets/cbp-encounters-state.toml"
SOUTHWEST = "datasets/cbp-encounters-southwest.toml"
SECTOR = "datasets/usbp-encounters-sector.toml"
DEATHS = "datasets/usbp-deaths-southwest-sector.toml"
IN_STATE = "citizenship, demographic, region, state, title"
IN_SOUTHWEST = "citizenship, component, demographic, encounter_type, region, title"
IN_SECTOR = "component, office, region"
NO_PERIOD = (
    "is neither a month like 2023-10 nor a fiscal year like FY2024 (a calendar year like 2024, a quarter like 1976-Q3, a "
    "half-month like 2020-01-16/P16D, a week like 2024-W05 and a day like 2025-07-03 would do too)"
)

ONE = {
    # codelists
    "a label that means two codes": (
        "codelists/region.csv",
        "Southwest Border|",
        "Southwest Border|Northern  BORDER|",
        "codelists/region.csv: NORTH: the label 'Northern Border' also means SW; a label means one code",
    ),
    "a predecessor that is no code": (
        "codelists/title.csv",
        "2023-05-11,,",
        "2023-05-11,T41,",
        "codelists/title.csv: T42: predecessor or successor: no code 'T41'; known are T42, T8, _T, _U",
    ),
    "a successor that is no code": (
        "codelists/title.csv",
        "2023-05-11,,",
        "2023-05-11,,T43",
        "codelists/title.csv: T42: predecessor or successor: no code 'T43'; known are T42, T8, _T, _U",
    ),
    "a code that ends before it begins": (
        "codelists/title.csv",
        "2020-03-20,2023-05-11",
        "2023-05-11,2020-03-20",
        "codelists/title.csv: T42: valid_from 2023-05-11 is after valid_to 2020-03-20",
    ),
    # datasets
    "prices of a dimension that the dataset lacks": (
        AID,
        'dimension = "price_basis", current',
        'dimension = "prices", current',
        f"{AID}: $.price_base: no dimension 'prices'; known are aid_transaction, price_basis, recipient",
    ),
    "prices of a code that is none": (
        AID,
        'current = "CURRENT"',
        'current = "NOMINAL"',
        f"{AID}: $.price_base: price_basis has no code 'NOMINAL'",
    ),
    "a property that nothing fills in": (
        AID,
        "now it is {price_base}",
        "now it is {base_year}",
        f"{AID}: $.notes[1]: {{base_year}} is no property; known is {{price_base}}",
    ),
    "a property of another dataset": (
        STATE,
        'counts = "',
        'counts = "In prices of {price_base}. ',
        f"{STATE}: $.counts: {{price_base}}, but cbp-encounters-state has no $.price_base",
    ),
    "a property in the title of a dataset": (
        AID,
        'title = "United States foreign assistance by',
        'title = "Assistance in {price_base} by',
        f"{AID}: $.title: {{price_base}}, but the title of a dataset is the same in every edition; leave it out",
    ),
    "a property in the words of an indicator": (
        "provisions.toml",
        "now those of {price_base}: a later",
        "now those of {prices}: a later",
        "provisions.toml: aid-to-mexico/aid-obligations-five-years-constant: trap: {prices} is no property; known is {price_base}",
    ),
    "a determining dimension that the dataset lacks": (
        SOUTHWEST,
        'determined_by = ["component", "title"]',
        'determined_by = ["office", "title"]',
        f"{SOUTHWEST}: $.dimensions[5].determined_by: no dimension 'office'; known are {IN_SOUTHWEST}",
    ),
    "a gate over a dimension that the dataset lacks": (
        SECTOR,
        'dimension = "office"',
        'dimension = "state"',
        f"{SECTOR}: $.gates[0].dimension: no dimension 'state'; known are {IN_SECTOR}",
    ),
    "a gate where a dimension does not exist": (
        STATE,
        "where = { title = ",
        "where = { titel = ",
        f"{STATE}: $.gates[0].where.titel: no dimension of cbp-encounters-state 'titel'; known are {IN_STATE}",
    ),
    "a gate where a code does not exist": (
        STATE,
        'where = { title = ["T42"] }',
        'where = { title = ["T43"] }',
        f"{STATE}: $.gates[0].where.title: no code 'T43' in codelists/title.csv",
    ),
    "a gate that allows a code that does not exist": (
        STATE,
        '"CA", "AZ"',
        '"CA", "A"',
        f"{STATE}: $.gates[1].codes.state: no code 'A' in codelists/state.csv",
    ),
    "a table of a gate with a code that does not exist": (
        SOUTHWEST,
        'component = "USBP", title = "T8"',
        'component = "USB", title = "T8"',
        f"{SOUTHWEST}: $.gates[0].table[0].component: no code 'USB' in codelists/component.csv",
    ),
    "a gate that starts at no period": (
        STATE,
        'start = "2020-03"',
        'start = "March 2020"',
        f"{STATE}: $.gates[0].start: 'March 2020' {NO_PERIOD}",
    ),
    "a gate that ends at no period": (
        STATE,
        'end = "2023-05"',
        'end = "2023-13"',
        f"{STATE}: $.gates[0].end: '2023-13' {NO_PERIOD}",
    ),
    "a gate that compares with a dataset that does not exist": (
        STATE,
        'dataset = "cbp-encounters-southwest"',
        'dataset = "cbp-encounters-west"',
        f"{STATE}: $.gates[2].dataset: no dataset 'cbp-encounters-west'; known are {DATASETS}",
    ),
    "a gate that compares with a code that does not exist": (
        STATE,
        'other_where = { citizenship = ["SLV"',
        'other_where = { citizenship = ["SAL"',
        f"{STATE}: $.gates[3].other_where.citizenship: no code 'SAL' in codelists/citizenship.csv",
    ),
    "a whole that is no code": (
        SECTOR,
        'dimension = "office"\n',
        'dimension = "office"\nwhole = "ALL"\n',
        f"{SECTOR}: $.gates[0].whole: office has no code 'ALL'",
    ),
    "a part that is no code": (
        SECTOR,
        'dimension = "office"\n',
        'dimension = "office"\nparts = ["SDC", "SDX"]\n',
        f"{SECTOR}: $.gates[0].parts: office has no code 'SDX'",
    ),
    "a gate that ends before it starts": (
        STATE,
        'start = "2020-03"',
        'start = "2024-03"',
        f"{STATE}: $.gates[0].end: 2023-05 is before the start, 2024-03",
    ),
    "a table of a gate without the code that follows": (
        SOUTHWEST,
        'component = "USBP", title = "T8", encounter_type = "APP"',
        'component = "USBP", title = "T8"',
        f"{SOUTHWEST}: $.gates[0].table[0]: the code of encounter_type itself is missing",
    ),
    "months of an average that should add up": (
        "datasets/ice-detention-adp-month.toml",
        'rule = "year_between_months"\n',
        'rule = "months_make_year"\n',
        (
            "datasets/ice-detention-adp-month.toml: $.gates[0]: no field 'dataset' with rule 'months_make_year'; "
            "known are rule, name, sentence, where, tolerance"
        ),
    ),
    "a gate without what its rule needs": (
        SECTOR,
        'dimension = "office"\n',
        "",
        f"{SECTOR}: $.gates[0]: the field 'dimension' is missing with rule 'additive'",
    ),
    "a chart of bars of nothing": (
        STATE,
        'kind = "months"\nby = "region"',
        'kind = "bars"',
        f"{STATE}: $.charts[1].by: name the dimension of whose codes the bars are",
    ),
    "a chart of bars since a period": (
        STATE,
        'kind = "months"\nby = "region"',
        'kind = "bars"\nby = "region"\nstart = "2020-03"',
        f"{STATE}: $.charts[1].start: bars are of one period; leave it out",
    ),
    "a chart by a dimension that the dataset lacks": (
        STATE,
        'kind = "months"\nby = "region"',
        'kind = "months"\nby = "office"',
        f"{STATE}: $.charts[1].by: no dimension 'office'; known are {IN_STATE}",
    ),
    "a chart of a code that does not exist": (
        STATE,
        'kind = "months"\nby = "region"',
        'kind = "months"\nby = "region"\nwhere = { title = "T43" }',
        f"{STATE}: $.charts[1].where.title: no code 'T43' in codelists/title.csv",
    ),
    # lists
    "a publisher whose id is none in SDMX": (
        "office.toml",
        'id = "BORDERSTATS"',
        'id = "border stats"',
        "office.toml: $.publisher.id: an SDMX agency's id begins with a letter and has letters, digits, - and _ only",
    ),
    "a publisher whose address is no page": (
        "office.toml",
        'address = "https://borderstats.example/"',
        'address = "borderstats.example/"',
        "office.toml: $.publisher.address: 'borderstats.example/' is not the address of a page",
    ),
    "a publisher whose address does not end with a slash": (
        "office.toml",
        'address = "https://borderstats.example/"',
        'address = "https://borderstats.example"',
        "office.toml: $.publisher.address: must end with a slash, for paths follow it",
    ),
    "a publisher without a mailbox": (
        "office.toml",
        'email = "statistics@borderstats.example"',
        'email = "borderstats.example"',
        "office.toml: $.publisher.email: 'borderstats.example' is not the address of a mailbox",
    ),
    "a version that is not three numbers": (
        "office.toml",
        'version = "1.3.0"',
        'version = "1.0"',
        "office.toml: $.version: '1.0' is not three numbers with points between them, such as 1.0.0",
    ),
    "a language in which the standard has no labels": (
        "office.toml",
        'languages = ["en", "es"]',
        'languages = ["en", "fr"]',
        (
            """office.toml: $.languages: must be ["en"] or ["en", "es"], not ['en', 'fr']; """
            "a standard has its labels in these languages"
        ),
    ),
    "a headline of a dataset that does not exist": (
        "home.toml",
        'dataset = "cbp-encounters-state"',
        'dataset = "cbp-encounters-county"',
        f"home.toml: $.headlines[0].dataset: no dataset 'cbp-encounters-county'; known are {DATASETS}",
    ),
    "a headline by a dimension that the dataset lacks": (
        "home.toml",
        '"demographic", "citizenship", "title"',
        '"demographic", "citizenship", "office"',
        f"home.toml: $.headlines[0]: no dimension of cbp-encounters-state 'office'; known are {IN_STATE}",
    ),
    "a headline of a code that does not exist": (
        "home.toml",
        'only = { region = "SW" }',
        'only = { region = "SWB" }',
        "home.toml: $.headlines[1].only.region: no code 'SWB' in codelists/region.csv",
    ),
    "a topic with a dataset that is not by its concept": (
        "topics.toml",
        'dataset = "ohss-usbp-encounters"',
        'dataset = "cbp-encounters-state"',
        "topics.toml: $.topics[0].headlines[0].dataset: cbp-encounters-state is not by office; give one that is",
    ),
    "a topic under an address that is none": (
        "topics.toml",
        'address = "group"',
        'address = "The Group"',
        "topics.toml: $.topics[3].address: 'The Group' is no plain address; write it in small letters, digits and hyphens",
    ),
    "a topic of a concept that does not exist": (
        "topics.toml",
        'concept = "demographic"',
        'concept = "demography"',
        f"topics.toml: $.topics[3].concept: no concept 'demography'; known are {CONCEPTS}",
    ),
    "a break of a dataset that does not exist": (
        "breaks.csv",
        "usbp-encounters-sector|",
        "usbp-encounters-sectors|",
        f"breaks.csv: livermore-closed: no dataset 'usbp-encounters-sectors'; known are {DATASETS}",
    ),
    "a check value at no period": (
        "checks.csv",
        "FY2002",
        "FY02",
        f"checks.csv: CV0003: 'FY02' {NO_PERIOD}",
    ),
    "a check value of a dataset that does not exist": (
        "checks.csv",
        "usbp-encounters-sector,",
        "usbp-encounters-sectors,",
        f"checks.csv: CV0003: no dataset 'usbp-encounters-sectors'; known are {DATASETS}",
    ),
    "a check value by a dimension that the dataset lacks": (
        "checks.csv",
        "region=SW",
        "state=TX",
        f"checks.csv: CV0003.state: no dimension of usbp-encounters-sector 'state'; known are {IN_SECTOR}",
    ),
    "a check value of a code that does not exist": (
        "checks.csv",
        "region=SW",
        "region=WEST",
        "checks.csv: CV0003.region: no code 'WEST' in codelists/region.csv",
    ),
    "a check value in another unit": (
        "checks.csv",
        "929809,events",
        "929809,persons",
        "checks.csv: CV0003: unit persons is not the unit EVENTS of usbp-encounters-sector; units never mix",
    ),
    "a waiver from no period": (
        "waivers.csv",
        ",FY2000,2003-09,",
        ",FY00,2003-09,",
        f"waivers.csv: ohss-before-fy2004: 'FY00' {NO_PERIOD}",
    ),
    "a waiver to no period": (
        "waivers.csv",
        ",FY2000,2003-09,",
        ",FY2000,Sept 2003,",
        f"waivers.csv: ohss-before-fy2004: 'Sept 2003' {NO_PERIOD}",
    ),
    "a waiver of a code that does not exist": (
        "waivers.csv",
        "usbp-encounters-sector/ohss-sectors,,",
        "usbp-encounters-sector/ohss-sectors,region=WEST,",
        "waivers.csv: ohss-before-fy2004.region: no code 'WEST' in codelists/region.csv",
    ),
}


def test_two_codes_do_not_share_a_page(copy):
    copy.replace("topics.toml", 'address = "citizenship"', 'address = "place"')
    line = "topics.toml: $.topics[2]: citizenship GEO and state GA would have the address place/georgia; give the topic another"
    assert line in copy.findings
    assert all("would have the address place/" in line for line in copy.findings)


@pytest.mark.parametrize("what", ONE)
def test_one_contradiction_is_one_line(copy, what):
    file, old, new, line = ONE[what]
    copy.replace(file, old, new)
    assert copy.findings == [line]


def test_a_concept_without_its_code_list(copy):
    copy.append(
        "concepts.toml", '[vessel]\nlabel = "a"\nlabel_es = "b"\ncodelist = "vessel"\ndefinition = "c"\n'
    )
    assert copy.findings == [f"concepts.toml: $.vessel.codelist: no code list 'vessel'; known are {LISTS}"]


def test_a_code_that_stands_there_twice(copy):
    copy.append("codelists/title.csv", "T8,Title Eight,Título ocho,,,,,,,,,\n")
    assert copy.findings == ["codelists/title.csv: T8 stands there twice; a code is listed once"]


def test_the_same_code_in_two_scopes_is_two_codes(copy):
    copy.append("codelists/office.csv", "SDC,Another San Diego,Otro San Diego,,SW,OFO,,,,,,\n")
    from borderstats.standard.load import load

    numbers = load(copy.folder).codelists["office"].numbers
    assert numbers["USBP.SDC"] != numbers["OFO.SDC"]


@pytest.mark.parametrize("code", ["_T", "_U"])
def test_a_list_without_a_total_or_an_unknown(copy, code):
    lines = (copy.folder / "codelists/citizenship.csv").read_text("utf-8").splitlines(keepends=True)
    copy.write(
        "codelists/citizenship.csv", "".join(line for line in lines if not line.startswith(f"{code},"))
    )
    assert copy.findings == [
        f"codelists/citizenship.csv: the code {code} is missing; every list has a total and an unknown"
    ]


def test_a_unit_that_does_not_exist(copy, standard):
    file = "datasets/usbp-deaths-southwest-sector.toml"
    copy.replace(file, '"DEATHS"', '"DEATH"')
    units = ", ".join(sorted(standard.codelists["unit"].numbers))
    assert copy.findings[0] == f"{file}: $.unit: no unit 'DEATH'; known are {units}"


def test_a_concept_that_does_not_exist(copy):
    file = "datasets/usbp-apprehensions-nation.toml"
    copy.replace(file, 'concept = "component"', 'concept = "agency"')
    assert copy.findings[0] == f"{file}: $.dimensions[0].concept: no concept 'agency'; known are {CONCEPTS}"


def test_a_dimension_with_scopes_needs_its_component(copy):
    copy.replace(DEATHS, '[[dimensions]]\nconcept = "component"\n\n', "")
    assert copy.findings[0] == (
        f"{DEATHS}: $.dimensions[1]: office may have the same code for several of component; add the dimension component"
    )


@pytest.mark.parametrize(
    ("new", "finding"),
    [
        (
            "",
            "codelists/office.csv: USBP.SDC: scope: concepts.toml does not say at $.office.scope which concept's codes are scopes",
        ),
        (
            'scope = "agency"\n',
            f"concepts.toml: $.office.scope: no concept 'agency'; known are {CONCEPTS}",
        ),
        (
            'scope = "region"\n',
            "codelists/office.csv: USBP.SDC: scope: no region 'USBP'; known are AIR, COASTAL, NORTH, OTHER, SW, _T, _U",
        ),
        (
            'scope = "office"\n',
            "concepts.toml: $.office.scope: the codes of office have scopes themselves; a scope has none",
        ),
    ],
)
def test_the_scope_of_a_concept(copy, new, finding):
    copy.replace("concepts.toml", 'scope = "component"\n', new)
    assert copy.findings[0] == finding


def test_a_scope_that_no_code_has(copy):
    copy.replace("concepts.toml", "[state]\n", '[state]\nscope = "region"\n')
    assert copy.findings[0] == (
        "concepts.toml: $.state.scope: no code in codelists/state.csv has a scope; leave it out"
    )


def test_a_dataset_with_more_cells_than_can_be_numbered(copy, standard):
    names = (
        "citizenship",
        "facility",
        "district",
        "spending_category",
        "state",
        "recipient",
        "statute",
        "violation",
    )
    copy.append(DEATHS, "".join(f'\n[[dimensions]]\nconcept = "{name}"\n' for name in names))
    (line,) = (line for line in copy.findings if "numbered" in line)
    sizes = {
        name: len(standard.codelist_of(name).codes) for name in ("component", "region", "office", *names)
    }
    product = " x ".join(f"{size:,} of {name}" for name, size in sizes.items())
    assert line == (
        f"{DEATHS}: $.dimensions: {product} codes make more cells than can be numbered; "
        "leave a dimension out, or give one a shorter code list"
    )


def test_a_dimension_that_stands_there_twice(copy):
    copy.append(DEATHS, '\n[[dimensions]]\nconcept = "region"\n')
    assert f"{DEATHS}: $.dimensions: region stands there twice; a dimension is named once" in copy.findings


def test_two_gates_of_one_name(copy):
    copy.replace(STATE, 'name = "southwest-states"', 'name = "title-42-dates"')
    assert copy.findings == [
        f"{STATE}: $.gates[{number}].name: 'title-42-dates' is used twice; a gate has a name of its own"
        for number in (0, 1)
    ]


def test_a_gate_that_groups_by_a_dimension_that_neither_has(copy):
    copy.replace(STATE, 'by = ["demographic", "title"]', 'by = ["demographic", "office"]')
    assert copy.findings == [
        f"{STATE}: $.gates[2].by: no dimension 'office'; known are {IN_STATE}",
        f"{STATE}: $.gates[2].by: no dimension of cbp-encounters-southwest 'office'; known are {IN_SOUTHWEST}",
    ]


def test_a_gate_that_groups_by_a_dimension_that_only_the_other_lacks(copy):
    copy.replace(STATE, 'by = ["demographic", "title"]', 'by = ["demographic", "state"]')
    assert copy.findings == [
        f"{STATE}: $.gates[2].by: no dimension of cbp-encounters-southwest 'state'; known are {IN_SOUTHWEST}"
    ]


def test_a_waiver_of_a_gate_that_does_not_exist(copy):
    copy.replace("waivers.csv", "usbp-encounters-sector/ohss-sectors", "usbp-encounters-sector/ohss")
    (line,) = copy.findings
    assert line.startswith(
        "waivers.csv: ohss-before-fy2004: no gate 'usbp-encounters-sector/ohss'; known are "
    )
    assert "usbp-encounters-sector/ohss-sectors" in line


@pytest.mark.parametrize("gate", ["codes-valid", "revisions-recorded"])
def test_a_gate_that_every_dataset_has_can_be_waived(copy, gate):
    from borderstats.standard.load import load

    copy.append("waivers.csv", f"made,usbp-apprehensions-nation/{gate},,,,,a reason,some evidence\n")
    assert load(copy.folder).waivers[-1].id == "made"


def test_why_a_published_figure_differs_stands_with_the_figure(copy):
    copy.append("waivers.csv", "made,usbp-apprehensions-nation/check-values,,,,,a reason,some evidence\n")
    (line,) = copy.findings
    assert line.startswith(
        "waivers.csv: made: gate: why a published figure differs stands in checks.csv: leave out"
    )


def test_a_reason_is_for_a_figure_that_no_dataset_must_reproduce(copy):
    copy.append("checks.csv", "X1,usbp-encounters-sector,,FY2002,955310,events,A,a page,,,,,,,a digit\n")
    copy.append(
        "checks.csv",
        "X2,,,FY2002,1,persons,A,a page,,usbp_encounters,border  patrol,NATIONWIDE,total,,a digit\n",
    )
    copy.append(
        "checks.csv", "X3,,,FY2002,1,persons,A,a page,5,usbp_encounters,nobody,nowhere,total,,a digit\n"
    )
    unit = "unit persons is not the unit EVENTS of"
    nobody = "measures.csv names no dataset that holds it; name one there, or leave it out"
    assert copy.findings == [
        "checks.csv: X1: reason: usbp-encounters-sector must reproduce it; leave out the reason, or dataset and key",
        f"checks.csv: X2: {unit} ohss-usbp-encounters, which holds it; units never mix",
        f"checks.csv: X2: {unit} usbp-encounters-sector, which holds it; units never mix",
        f"checks.csv: X3: tolerance: {nobody}",
        f"checks.csv: X3: reason: {nobody}",
    ]


def test_every_contradiction_is_reported_at_once(copy):
    copy.replace("sources/cbp-southwest.toml", 'region = "SW"', 'region = "WEST"')
    copy.replace(*ONE["a check value in another unit"][:3])
    assert copy.findings == [
        "sources/cbp-southwest.toml: $.constants.region: no code 'WEST' in codelists/region.csv",
        ONE["a check value in another unit"][3],
    ]
