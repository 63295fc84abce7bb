"""extend/2026-02-09: what every workspace holds from the beginning."""

import pytest
from extend_ai import types
from pydantic import TypeAdapter

from batchproof.emulator import fixtures

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
EDITED, AS_IT_WAS = "shown_reviewed_and_edited", "shown_reviewed_as_it_was"


@pytest.fixture
def shown(make_api):
    """An emulator with its showcase."""
    return lambda: make_api(showcase=True)


def answers(api):
    """Refusals and the like, by what was asked."""

    def ask(method, path, **options):
        key = api.key | options.pop("headers", {})
        answer = api(method, path, headers=key, **options)
        hint = answer.headers.get("retry-after")
        return {**answer.json(), "status": answer.status_code, "retry-after": hint}

    array = {"file": {"text": "x"}, "config": {"schema": {"type": "array"}}}
    return {
        "limited": ask("GET", "/extractors", headers={"Authorization": "Bearer sk_limited"}),
        "unpaid": ask("POST", "/parse_runs", headers={"Authorization": "Bearer sk_unpaid"}, json={}),
        "schema of an array": ask("POST", "/extract_runs", json=array),
    }


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
