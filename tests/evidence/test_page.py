"""The page, from what became of a few mutants."""

from tools.evidence.mutants import Judged, Key
from tools.evidence.page import grouped, page, rate
from tools.evidence.ranking import ranked

KEY = Key("c/1", "get", "detail", "DONE", "/id", "null", "once")


def judged(fate, **changes):
    return Judged(KEY._replace(**changes), fate, True, None)


ITEMS = [
    judged("killed"),
    judged("survived", operator="type"),
    judged("warned", operator="more"),
    judged("allowed", operator="missing"),
]


def test_totals_of_a_contract():
    assert "| `c/1` | 4 | 1 | 1 | 1 | 1 | 0 | 3 | 33.3 % | - |" in page({"c/1": ITEMS}, {}).splitlines()


def test_deep_properties_are_told_together():
    paths = ["/id", "/rows/*/id", "/config/options/size", "/config/options/*/size", "(status)"]
    assert [grouped(path) for path in paths] == [
        "/id",
        "/rows/*/id",
        "/config/options/…",
        "/config/options/…",
        "(status)",
    ]


def test_rate_is_rounded_down():
    assert [rate(1999, 2000), rate(2000, 2000), rate(0, 0)] == ["99.9 %", "100.0 %", "-"]


def test_largest_class_comes_first():
    items = [
        judged("survived"),
        judged("survived", operator="type"),
        judged("survived", operator="type", state="-"),
    ]
    assert [(item.operator, item.size, item.states) for item in ranked(items)] == [
        ("type", 2, ("-", "DONE")),
        ("null", 1, ("DONE",)),
    ]
