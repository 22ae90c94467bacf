"""What the drawings show: zero lines, scales of time, points, rules, targets, progress. Read back from the SVG."""

import datetime
import re

import numpy as np
import pytest

from borderstats import periods
from borderstats.site.charts import bars, line_chart, small_multiples, sparklines
from borderstats.site.charts.draw import Level, Mark, Span
from borderstats.site.comparisons import Bar
from borderstats.site.figures import Line, Series
from borderstats.words.amounts import Style
from calendars import FEDERAL

date = datetime.date.fromisoformat

MINUS = "\N{MINUS SIGN}"
MONEY = Style("money", 2, "$")


def series(time, *values, provisional=()):
    flags = np.isin(np.arange(len(time)), provisional)
    lines = [Line(f"L{n}", f"Line {n}", np.array(value, float), flags) for n, value in enumerate(values)]
    return Series(FEDERAL, periods.kind(time[0]), np.array(time), tuple(lines))


def fiscal(first, after):
    return range(periods.fiscal(first), periods.fiscal(after))


def drawn(found, style=None, marks=(), rules=(), level=None, draw=line_chart.chart):
    """The wide drawing of a chart."""
    more = (rules, level) if draw is line_chart.chart else ()
    text = draw("name", "Title", "Description", found, marks, style or Style(), *more)
    return text.split("</svg>")[0]


def points(svg, css):
    """The corners of the first path of a class, gaps as None."""
    path = re.search(rf'<path class="{css}" d="([^"]*)"', svg)[1]
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]


def texts(svg, css):
    return re.findall(rf'<text [^>]*class="{css}[^"]*"[^>]*>([^<]*)</text>', svg)


def test_an_axis_below_zero_has_its_zero_line_in_between():
    svg = drawn(series(range(24000, 24004), [1.5e6, -2.25e6, 4.4e9, 12]), MONEY)
    (_, zero), _ = points(svg, "base")
    (_, first), (_, second), (_, third), _ = points(svg, "line l0")
    assert third < first < zero < second
    assert texts(svg, "tick")[:2] == ["$0", "$1bn"]
    assert f"{MINUS}$2.25m" in texts(svg, "value")


def test_what_is_far_below_zero_has_steps_there_too():
    svg = drawn(series(range(24000, 24003), [100, -300, 50]))
    assert texts(svg, "tick")[:5] == [f"{MINUS}300", f"{MINUS}200", f"{MINUS}100", "0", "100"]
    assert all(y < 380 for _, y in points(svg, "line l0"))


def test_an_axis_without_negative_figures_begins_at_zero():
    svg = drawn(series(fiscal(2000, 2003), [5000, 6000, 7000]))
    (_, zero), _ = points(svg, "base")
    assert all(y < zero for _, y in points(svg, "line l0"))
    assert texts(svg, "tick")[0] == "0"


def test_money_is_readable_on_the_axis_and_at_the_points():
    svg = drawn(series(range(24000, 24003), [1e9, 4_412_173_694.22, 2e9]), MONEY)
    assert texts(svg, "tick")[:4] == ["$0", "$1bn", "$2bn", "$3bn"]
    assert texts(svg, "value") == ["$4.41bn", "$2bn"]


def test_days_far_apart_stand_to_scale_each_with_a_point():
    svg = drawn(series([periods.DAY + n for n in (0, 10, 100)], [1, 2, 3]))
    line = points(svg, "line l0")
    assert (line[1][0] - line[0][0]) / (line[2][0] - line[0][0]) == pytest.approx(0.1, abs=0.001)
    assert points(svg, "dots d0") == line


def test_days_one_after_the_other_have_no_points():
    assert "dots" not in drawn(series([periods.DAY + n for n in (0, 1, 2)], [1, 2, 3]))


def test_a_figure_between_two_gaps_is_a_point_and_not_lost():
    nan = float("nan")
    svg = drawn(series(range(24000, 24005), [1, 2, nan, 4, nan]))
    assert len(points(svg, "dots d0")) == 1
    assert len(points(svg, "line l0")) == 3


def test_one_period_alone_stands_in_the_middle():
    svg = drawn(series(fiscal(2019, 2020), [5]))
    base = points(svg, "base")
    assert points(svg, "dots d0")[0][0] == pytest.approx((base[0][0] + base[1][0]) / 2, abs=0.1)


def test_rules_stand_from_their_first_day_to_their_last():
    rules = [
        Span("A", "Scope", date("1990-01-01"), date("2005-10-01")),
        Span("B", "Scope", date("2005-10-01"), None),
    ]
    svg = drawn(series(fiscal(2001, 2012), range(11)), rules=rules)
    spans = re.findall(r'<path class="span" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', svg)
    (first, *_, middle, _), (_, low, _, high), (again, *_, last, _) = (map(float, span) for span in spans)
    left, right = (x for x, _ in points(svg, "base"))
    assert (first, last) == (left, right)
    assert middle == again == pytest.approx(left + (right - left) * 0.45, abs=0.1)
    assert low < high
    assert texts(svg, "number") == ["A", "B"]


def test_rules_of_two_names_stand_in_two_rows():
    rules = [Span("A", "One", date("2002-01-01"), None), Span("B", "Two", date("2002-01-01"), None)]
    svg = drawn(series(fiscal(2001, 2012), range(11)), rules=rules)
    heights = {y for _, y in re.findall(r'<circle class="badge" cx="([\d.]+)" cy="([\d.]+)"', svg)}
    assert len(heights) == 2


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (date("1990-01-01"), date("1999-12-31"), False), (date("1990-01-01"), date("2003-01-01"), True),
        (date("2003-01-01"), None, True), (date("2015-01-01"), None, False), (date("1990-01-01"), None, True),
    ],
)  # fmt: skip
def test_only_rules_within_the_axis_are_drawn(start, end, shown):
    assert line_chart.visible(start, end, series(fiscal(2001, 2012), range(11))) is shown


def test_a_target_is_marked_even_above_all_figures():
    svg = drawn(series(fiscal(2001, 2012), range(11)), level=Level(40, "Target 40"))
    (_, y), (_, same) = points(svg, "level")
    assert y == same
    assert y < min(height for _, height in points(svg, "line l0"))
    assert "Target 40" in svg


def test_a_break_and_a_rule_of_one_day_share_their_line():
    found = series(fiscal(2001, 2012), range(11))
    rule = [Span("A", "Scope", date("2005-10-01"), None)]
    marks = [Mark("1", date("2005-10-01"), "definition")]
    assert re.findall('class="break (.*?)"', drawn(found, marks=marks, rules=rule)) == ["definition"]
    assert re.findall('class="break (.*?)"', drawn(found, rules=rule)) == ["event"]


def test_panels_share_one_scale_below_zero_too():
    values = [[n, -n, 2 * n] for n in range(1, 7)]
    svg = drawn(series(range(24000, 24003), *values), draw=small_multiples.chart)
    lines = re.findall(r'<path class="line l0" d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)', svg)
    drops = [round(float(second) - float(first), 1) for first, second in lines]
    assert drops == pytest.approx([drops[0] * n for n in range(1, 7)], abs=0.6)
    assert drops[0] > 0
    height = float(re.search(r'viewBox="0 0 960 ([\d.]+)"', svg)[1])
    # The lowest figure of the lowest panel stands above the periods beneath it.
    assert max(float(second) for _, second in lines) < height - 28


def test_bars_below_zero_go_to_the_left():
    found = [Bar("A", "One", 100.0, 0.0), Bar("B", "Two", -50.0, 0.0)]
    svg = bars.chart("name", "Title", "Description", found, Style()).split("</svg>")[0]
    zero = points(svg, "base")[0][0]
    (x, width), (left, length) = (
        (float(x), float(w))
        for x, w in re.findall(r'<rect class="bar main" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    )
    assert x == left + length == pytest.approx(zero, abs=0.2)
    assert length == pytest.approx(width / 2, abs=0.2)
    assert texts(svg, "value") == ["100", f"{MINUS}50"]


def spark(*values):
    return sparklines.line(series(fiscal(2000, 2000 + len(values)), values), Style())


def test_a_small_line_names_its_first_and_last_figure():
    svg = spark(10, 30, 20)
    assert texts(svg, "value") == ["10", "20"]
    assert texts(svg, "note") == ["FY2000", "FY2002"]
    assert 'aria-label="Line: 10 in fiscal year 2000, 20 in fiscal year 2002"' in svg
    (_, first), (_, highest), (_, last) = points(svg, "line l0")
    assert highest < last < first


def test_a_small_line_starts_where_the_figures_do_and_shows_zero():
    svg = spark(float("nan"), -5, 10)
    assert texts(svg, "value") == [f"{MINUS}5", "10"]
    zero = points(svg, "base")[0][1]
    (_, first), (_, last) = points(svg, "line l0")
    assert last < zero < first


@pytest.mark.parametrize("values", [(0, 0, 0), (7, 7), (5,)])
def test_a_small_line_of_equal_figures_can_be_drawn(values):
    assert "nan" not in spark(*values)


def progress(share):
    """Where the bar begins and ends, and where the marks at 0 and 1 stand."""
    svg = sparklines.progress(share, "Baseline 10", "Target 20")
    x, width = re.search(r'<rect class="bar main" x="([\d.]+)" y="10" width="([\d.]+)"', svg).groups()
    zero, one = (float(x) for x in re.findall(r'<path class="base" d="M([\d.]+) ', svg))
    return float(x), float(x) + float(width), zero, one


def test_progress_below_zero_goes_to_the_left_of_the_baseline():
    left, right, zero, one = progress(-0.7)
    assert right == pytest.approx(zero, abs=0.2)
    assert (zero - left) / (one - zero) == pytest.approx(0.7, abs=0.01)


def test_progress_beyond_the_target_is_not_clipped():
    left, right, zero, one = progress(1.5)
    assert left == pytest.approx(zero, abs=0.2)
    assert (right - zero) / (one - zero) == pytest.approx(1.5, abs=0.01)


def test_progress_within_the_target():
    left, right, zero, one = progress(0.25)
    assert left == zero < right < one
    assert (right - zero) / (one - zero) == pytest.approx(0.25, abs=0.01)
