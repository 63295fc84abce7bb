"""What only classify and split runs have: their configurations and their outputs."""

import pytest

CLASSES = [
    {"id": "c1", "type": "letter", "description": "A letter."},
    {"id": "c2", "type": "other", "description": "Anything else."},
]
MEMBERS = {"classify": "classifications", "split": "splitClassifications"}


@pytest.fixture(params=["classify", "split"])
def family(make_family, request):
    return make_family(request.param)


def test_a_classification_is_one_of_those_configured(make_family, file):
    family = make_family("classify")
    run = family.api.post(family.path, {"file": file, "config": {"classifications": CLASSES}})
    family.api.steps(2)
    output = family.run(run)["output"]
    assert set(output) == {"id", "type", "confidence", "insights"}
    assert (output["id"], output["type"]) == ("c1", "letter")
    assert 0 <= output["confidence"] <= 1
    assert [set(insight) for insight in output["insights"]] == [{"type", "content"}]


def test_splits_cover_the_pages_of_the_file(make_family, file):
    family = make_family("split")
    run = family.api.post(family.path, {"file": file, "config": {"splitClassifications": CLASSES}})
    family.api.steps(2)
    seen = family.run(run)
    splits = seen["output"]["splits"]
    assert [(s["startPage"], s["endPage"]) for s in splits] == [(1, 1), (2, 2)]
    assert [(s["classificationId"], s["type"]) for s in splits] == [("c1", "letter"), ("c2", "other")]
    assert {s["fileId"] for s in splits} == {seen["file"]["id"]}
    assert len({s["id"] for s in splits}) == 2
    assert family.run(run)["output"]["splits"] == splits


def test_an_inline_configuration_leaves_the_processor_out(family, file):
    config = {MEMBERS[family.name]: CLASSES, "baseVersion": "9"}
    run = family.api.post(family.path, {"file": file, "config": config})
    assert run[family.processor] is run[f"{family.processor}Version"] is None
    assert config.items() <= run["config"].items()


def test_an_override_replaces_parts(family, file):
    reference = family.reference()
    reference[family.processor]["overrideConfig"] = {MEMBERS[family.name]: CLASSES}
    run = family.api.post(family.path, reference | {"file": file})
    assert run["config"][MEMBERS[family.name]] == CLASSES
    assert run["config"]["baseProcessor"]


def test_a_processor_or_a_configuration_must_be_given(family, file):
    assert family.api("POST", family.path, json={"file": file}).status_code == 400
    both = family.reference() | {"file": file, "config": {MEMBERS[family.name]: CLASSES}}
    assert family.api("POST", family.path, json=both).status_code == 400


@pytest.mark.parametrize(
    "classes",
    [
        None,
        [],
        CLASSES[:1],
        [CLASSES[1], CLASSES[1]],
        [{"id": "c1", "type": "other"}],
        [{"id": "", "type": "other", "description": "x"}],
        ["other"],
    ],
)
def test_classifications_are_checked(family, file, classes):
    member = MEMBERS[family.name]
    config = {} if classes is None else {member: classes}
    assert family.api("POST", family.path, json={"file": file, "config": config}).status_code == 400


@pytest.mark.parametrize("config", [{"baseProcessor": "extraction_light"}, {"advancedOptions": []}])
def test_other_members_are_checked(family, file, config):
    body = {"file": file, "config": {MEMBERS[family.name]: CLASSES} | config}
    assert family.api("POST", family.path, json=body).status_code == 400
