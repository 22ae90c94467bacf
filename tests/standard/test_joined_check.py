"""Each contradiction of joined.toml is told with its place."""

import pytest

FILE = "joined.toml"
AT = f"{FILE}: ice-bookins: $"

ONE = {
    "a dataset that is none": (
        '"ohss-ice-bookins"',
        '"ohss-bookins"',
        f"{AT}.pieces[0].dataset: no dataset 'ohss-bookins'; known are ",
    ),
    "a code that is none": ('"CBP", "ICE"', '"CBP", "FBI"', f"{AT}.pieces[0]: $.codes.arresting_agency: no code 'FBI' in "),
    "a dimension that is none": (
        '"arresting_agency"',
        '"agency"',
        f"{AT}.pieces[0]: $.codes.agency: no dimension of ohss-ice-bookins 'agency'",
    ),
    "codes without a dimension": ('by = "arresting_agency"\n', "", f"{AT}.by, codes: a dimension and its codes go together"),
    "no period": ('since = "2024-07"\n', "", f"{AT}.pieces[1].since: say from which period on it takes over"),
    "a period that is none": ('"2024-07"', '"July 2024"', f"{AT}.pieces[1].since: "),
    "a year among months": ('"2024-07"', '"FY2024"', f"{AT}.pieces[1].since: FY2024 is none of the months"),
    "a beginning of the first": (
        'dataset = "ohss-ice-bookins"\n',
        'dataset = "ohss-ice-bookins"\nsince = "2020-01"\n',
        f"{AT}.pieces[0].since: the first piece begins with its dataset",
    ),
    "one piece": (
        '\n[[joined.pieces]]\ndataset = "ice-statistics-bookins"\nsince = "2024-07"\n',
        "",
        f"{AT}.pieces: one dataset alone is not joined",
    ),
    "no gate between the two": (
        'dataset = "ice-statistics-bookins"',
        'dataset = "ice-statistics-bookouts"',
        f"{AT}.pieces[1]: nothing holds ice-statistics-bookouts to ohss-ice-bookins where both have figures; give ",
    ),
    "another unit": (
        'dataset = "ice-statistics-bookins"',
        'dataset = "ice-statistics-detained"',
        f"{AT}.pieces[1]: ice-statistics-detained differs in its unit from ohss-ice-bookins: ",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), ONE.values(), ids=ONE)
def test_what_contradicts_is_reported(copy, old, new, message):
    copy.replace(FILE, old, new)
    assert any(line.startswith(message) for line in copy.findings), copy.findings


def test_pieces_stand_in_the_order_of_time(copy):
    copy.append(FILE, '\n[[joined.pieces]]\ndataset = "ohss-ice-bookouts"\nsince = "2024-07"\n')
    message = f"{FILE}: ice-bookouts: $.pieces[2].since: 2024-07 is not after 2024-07"
    assert any(line.startswith(message) for line in copy.findings), copy.findings
