"""A time that cannot be read is a wrong request, which says which parameter has it."""

import pytest

from borderstats.serve import times
from borderstats.serve.problem import Problem
from calendars import FEDERAL


@pytest.mark.parametrize(
    ("call", "detail"),
    [
        (lambda: times.span(FEDERAL, "soon", "startPeriod"), "startPeriod: not a period; write 2023, "),
        (lambda: times.moment("now", "asOf"), "asOf: not a date; write 2024-01-31 or "),
    ],
)
def test_what_is_no_time_is_reported(call, detail):
    with pytest.raises(Problem) as problem:
        call()
    assert problem.value.status == 400
    assert problem.value.detail.startswith(detail)


def test_times():
    first, last = times.span(FEDERAL, "FY2024", "startPeriod")
    assert (str(first), str(last)) == ("2023-10-01", "2024-09-30")
    assert times.moment("2024-01-31", "asOf").day == 31
