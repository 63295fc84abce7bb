"""extend/2026-02-09: what every workspace holds from the beginning, and the faults that only show there."""

import pytest
from extend_ai import types
from pydantic import TypeAdapter

from batchproof.emulator import faults, fixtures

CONTRACT = "extend/2026-02-09"
GIVEN = fixtures(CONTRACT)
PATHS = {
    "batch_run": "/batch_runs",
    **{f"{name}_run": f"/{name}_runs" for name in ("extract", "classify", "split", "parse")},
}
MODELS = {
    "batch_run": types.BatchRun,
    "extract_run": types.ExtractRun,
    "classify_run": types.ClassifyRun,
    "split_run": types.SplitRun,
    "parse_run": types.ParseRun,
}
MODULES = ("review_faults", "refusal_faults")
EDITED, AS_IT_WAS = "shown_reviewed_and_edited", "shown_reviewed_as_it_was"

# Which objects a fault changes, each at one key; answers stand under the name of what was asked.
CHANGES = {
    "review-not-final": {f"exr_{EDITED}": "output"},
    "classify-review-not-final": {f"clr_{EDITED}": "output"},
    "split-review-not-final": {f"splr_{EDITED}": "output"},
    "initial-output-forgotten": {f"exr_{EDITED}": "initialOutput", f"exr_{AS_IT_WAS}": "initialOutput"},
    "classify-initial-output-forgotten": {
        f"clr_{EDITED}": "initialOutput",
        f"clr_{AS_IT_WAS}": "initialOutput",
    },
    "split-initial-output-forgotten": {
        f"splr_{EDITED}": "initialOutput",
        f"splr_{AS_IT_WAS}": "initialOutput",
    },
    "reviewed-output-forgotten": {f"exr_{EDITED}": "reviewedOutput", f"exr_{AS_IT_WAS}": "reviewedOutput"},
    "classify-reviewed-output-forgotten": {
        f"clr_{EDITED}": "reviewedOutput",
        f"clr_{AS_IT_WAS}": "reviewedOutput",
    },
    "split-reviewed-output-forgotten": {
        f"splr_{EDITED}": "reviewedOutput",
        f"splr_{AS_IT_WAS}": "reviewedOutput",
    },
    "edits-forgotten": {f"exr_{EDITED}": "edits"},
    "ocr-word-without-page": {"pr_shown_with_ocr": "output"},
    "legacy-field-without-type": {"exr_shown_legacy": "output"},
    "rate-limit-by-another-code": {"limited": "code"},
    "rate-limit-not-retryable": {"limited": "retryable"},
    "blocked-yet-retryable": {"unpaid": "retryable"},
    "doc-url-as-object": {"schema of an array": "docUrl"},
}
WHOLE_ANSWERS = {
    "retry-after-as-a-date": {"limited"},
    "workspace-must-be-named": {"list"},
    "schema-of-an-array-breaks": {"schema of an array"},
    "classify-text-plain-breaks": {"text to classify"},
    "split-text-plain-breaks": {"text to split"},
}
IN_OUTPUTS = {
    "ocr-confidence-in-percent": "ocrConfidence",
    "review-score-of-ten": "reviewAgentScore",
    "insights-as-text": "insights",
}


@pytest.fixture
def shown(make_api):
    """An emulator with its showcase."""
    return lambda *names: make_api(faults=names, showcase=True)


def objects(api):
    """Every object of the showcase, by its id."""
    return {id_: api.get(f"{path}/{id_}") for kind, path in PATHS.items() for id_ in GIVEN[f"{kind}_ids"]}


def answers(api):
    """Refusals and the like, by what was asked."""

    def ask(method, path, **options):
        key = api.key | options.pop("headers", {})
        answer = api(method, path, headers=key, **options)
        hint = answer.headers.get("retry-after")
        return {**answer.json(), "status": answer.status_code, "retry-after": hint}

    array = {"file": {"text": "x"}, "config": {"schema": {"type": "array"}}}
    text = {"content": b"{}", "headers": {"content-type": "text/plain"}}
    return {
        "limited": ask("GET", "/extractors", headers={"Authorization": "Bearer sk_limited"}),
        "unpaid": ask("POST", "/parse_runs", headers={"Authorization": "Bearer sk_unpaid"}, json={}),
        "list": ask("GET", "/extract_runs?status=PENDING"),
        "list of a workspace": ask(
            "GET",
            "/extract_runs?status=PENDING",
            headers={"x-extend-workspace-id": str(GIVEN["workspace_id"])},
        ),
        "schema of an array": ask("POST", "/extract_runs", json=array),
        "text to classify": ask("POST", "/classify_runs/batch", **text),
        "text to split": ask("POST", "/split_runs/batch", **text),
    }


def without_random_ids(value):
    if isinstance(value, dict):
        leave_out = ("requestId", "extractor", "classifier", "splitter")
        return {
            key: without_random_ids(child)
            for key, child in value.items()
            if key not in leave_out and not key.endswith("Version")
        }
    return [without_random_ids(child) for child in value] if isinstance(value, list) else value


def differences(one, other):
    """The keys at which two albums differ, by the name of the object."""
    return {
        name: {key for key in one[name] | other[name] if one[name].get(key) != other[name].get(key)}
        for name in one
        if one[name] != other[name]
    }


def album(api):
    return without_random_ids(objects(api) | answers(api))


@pytest.mark.parametrize("kind", PATHS)
def test_the_vendors_models_accept_the_showcase(shown, kind):
    api = shown()
    # the model of a parse run knows no null file, though its own description does
    for id_ in set(GIVEN[f"{kind}_ids"]) - {"pr_shown_without_file"}:
        value = api.get(f"{PATHS[kind]}/{id_}")
        assert not TypeAdapter(MODELS[kind]).validate_python(value).model_extra
        assert value["id"] == id_


def test_a_review_is_final(shown):
    for prefix, path in (("exr", "/extract_runs"), ("clr", "/classify_runs"), ("splr", "/split_runs")):
        edited = shown().get(f"{path}/{prefix}_{EDITED}")
        same = shown().get(f"{path}/{prefix}_{AS_IT_WAS}")
        assert edited["output"] == edited["reviewedOutput"] != edited["initialOutput"]
        assert same["output"] == same["reviewedOutput"] == same["initialOutput"]
        assert (edited["reviewed"], edited["edited"]) == (True, True)
        assert (same["reviewed"], same["edited"], same.get("edits")) == (True, False, None)


def test_edits_tell_what_the_review_changed(shown):
    run = shown().get(f"/extract_runs/exr_{EDITED}")
    edit = run["edits"]["total"]
    assert edit["originalValue"] == run["initialOutput"]["value"]["total"]
    assert edit["editedValue"] == run["output"]["value"]["total"]


def test_the_review_agent_and_the_model_speak_where_they_were_asked(shown):
    asked = shown().get(f"/extract_runs/exr_{EDITED}")["output"]["metadata"]["total"]
    assert (asked["reviewAgentScore"], asked["ocrConfidence"]) == (4, 0.96)
    assert [insight["type"] for insight in asked["insights"]] == ["reasoning"]
    other = shown().get(f"/extract_runs/exr_{AS_IT_WAS}")["output"]["metadata"]["total"]
    assert {"reviewAgentScore", "insights"} & set(other) == set()


def test_an_old_run_keeps_its_legacy_form_and_has_no_usage(shown):
    run = shown().get("/extract_runs/exr_shown_legacy")
    assert {field["name"] for field in run["config"]["fields"]} == set(run["output"])
    assert all({"id", "type", "value"} <= set(field) for field in run["output"].values())
    assert (run["status"], run["usage"], run["createdAt"][:4]) == ("PROCESSED", None, "2025")


def test_usage_by_the_age_of_a_run(shown):
    usage = shown().get("/extract_runs/exr_shown_before_breakdowns")["usage"]
    assert usage == {"credits": 4}
    assert set(shown().get(f"/extract_runs/exr_{AS_IT_WAS}")["usage"]) == {
        "credits",
        "totalCredits",
        "breakdown",
    }


def test_batches_of_the_showcase_have_their_runs(shown):
    api = shown()
    for id_, path, outcome in (
        ("bpr_shown_processed", "/extract_runs", "PROCESSED"),
        ("bpr_shown_failed", "/extract_runs", "FAILED"),
        ("bpr_shown_cancelled", "/extract_runs", "CANCELLED"),
        ("bpar_shown_processed", "/parse_runs", "PROCESSED"),
    ):
        batch = api.get(f"/batch_runs/{id_}")
        rows = api.get(path, batchId=id_)["data"]
        assert (batch["status"], batch["runCount"]) == (outcome, len(rows))


def test_runs_whose_file_is_not_there(shown):
    assert shown().get("/extract_runs/exr_shown_without_file")["file"] is None
    assert shown().get("/parse_runs/pr_shown_without_file")["file"] is None
    several = shown().get("/extract_runs/exr_shown_of_two_files")
    assert (several["file"], len(several["files"])) == (None, 2)


def test_another_organisation_has_no_showcase(shown):
    api = shown()
    other = api.key | {"Authorization": "Bearer sk_second"}
    assert api("GET", f"/extract_runs/exr_{EDITED}", headers=other).status_code == 404


def test_without_the_showcase_a_workspace_is_new(make_api):
    api = make_api()
    assert [api("GET", f"{PATHS[kind]}/{GIVEN[f'{kind}_ids'][0]}").status_code for kind in PATHS] == [404] * 5


def test_tokens_that_get_no_work_done(shown):
    described = answers(shown())
    assert (
        described["limited"]["status"],
        described["limited"]["code"],
        described["limited"]["retryable"],
    ) == (
        429,
        "RATE_LIMIT_EXCEEDED",
        True,
    )
    assert described["limited"]["retry-after"] == "1"
    assert (described["unpaid"]["status"], described["unpaid"]["code"], described["unpaid"]["retryable"]) == (
        402,
        "USAGE_BLOCKED",
        False,
    )


def test_a_token_without_credits_may_still_read(shown):
    api = shown()
    unpaid = api.key | {"Authorization": "Bearer sk_unpaid"}
    assert api("GET", "/extractors", headers=unpaid).status_code == 200


def test_a_wrong_schema_is_explained(shown):
    described = answers(shown())["schema of an array"]
    assert (described["status"], described["code"]) == (400, "INVALID_REQUEST")
    assert described["docUrl"].startswith("https://docs.extend.ai/")


@pytest.mark.parametrize("name", CHANGES)
def test_fault_changes_one_key(shown, name):
    expected = {where: {key} for where, key in CHANGES[name].items()}
    assert differences(album(shown()), album(shown(name))) == expected


@pytest.mark.parametrize("name", WHOLE_ANSWERS)
def test_fault_changes_an_answer(shown, name):
    assert set(differences(album(shown()), album(shown(name)))) == WHOLE_ANSWERS[name]


@pytest.mark.parametrize("name", IN_OUTPUTS)
def test_fault_changes_entries_of_outputs(shown, name):
    healthy, faulty = objects(shown()), objects(shown(name))
    changed = set()
    for id_ in GIVEN["extract_run_ids"]:
        before = (healthy[id_]["output"] or {}).get("metadata", {})
        after = (faulty[id_]["output"] or {}).get("metadata", {})
        for path, entry in before.items():
            changed |= {key for key in entry if entry[key] != after[path][key]} - {"citations"}
    assert changed == {IN_OUTPUTS[name]}


def test_legacy_output_of_current_runs(shown):
    seen = objects(shown("legacy-output-of-current-runs"))
    current = [
        seen[id_]
        for id_ in GIVEN["extract_run_ids"]
        if seen[id_]["output"] is not None and not seen[id_]["reviewed"] and id_ != "exr_shown_legacy"
    ]
    assert current != []
    assert all(set(run["output"]) == {"total"} for run in current)


def test_every_fault_of_the_showcase_is_tried_here():
    tried = {*CHANGES, *WHOLE_ANSWERS, *IN_OUTPUTS, "legacy-output-of-current-runs"}
    planted = faults(CONTRACT)
    assert {name for name in planted if planted[name].apply.__module__.endswith(MODULES)} == tried
