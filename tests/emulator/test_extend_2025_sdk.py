"""extend/2025-04-21: the vendor's own client and models understand the emulator."""

import httpx
import pytest
from extend_ai import Extend, types
from extend_ai.core.api_error import ApiError
from pydantic import TypeAdapter

from batchproof.emulator import Server, create_app, fixtures, variants

CONTRACT = "extend/2025-04-21"
GIVEN = fixtures(CONTRACT)
# What the models do not have, or do not allow, and answers that are not the API's.
OLDER = {
    "output-null-until-processed",
    "edits-null",
    "cleared-cache-option",
    "unknown-properties",
    "new-properties-named-like-others",
    "cdn-in-front",
}


def parsed(model, value):
    """The value as the vendor's model, checked: the model itself fills in whatever it cannot read."""
    checked = TypeAdapter(model).validate_python(value)
    assert not checked.model_extra
    return checked


@pytest.mark.parametrize("variant", [None, *sorted(set(variants(CONTRACT)) - OLDER)])
def test_the_vendors_models_accept_the_objects(make_extend_2025, variant):
    client = make_extend_2025(variants=[variant] if variant else [])
    for id_ in GIVEN["batch_processor_run_ids"]:
        parsed(types.LegacyBatchProcessorRun, client.batch(id_))
    outputs = {
        "EXTRACT": types.LegacyJsonOutput,
        "CLASSIFY": types.LegacyClassifierOutput,
        "SPLITTER": types.LegacySplitterOutput,
    }
    for type_, output in outputs.items():
        for file in (GIVEN["file_url"], GIVEN["failing_file_url"]):
            for sync in (True, False):
                answer = client.create(type_, file={"fileUrl": file}, sync=sync, metadata={"a": 1}).json()
                run = parsed(types.LegacyProcessorRun, answer["processorRun"])
                assert (run.type, run.config.type) == (type_, type_)
                if run.status == "PROCESSED":
                    parsed(output, answer["processorRun"]["output"])
    for id_ in GIVEN["processor_run_ids"]:
        parsed(types.LegacyProcessorRun, client.run({"id": id_}))
    rows = client.get("/processor_runs", maxPageSize=100)["processorRuns"]
    assert {parsed(types.LegacyProcessorRunSummary, row).type for row in rows} <= {*outputs, None}
    parsed(types.LegacyListProcessorsResponse, client.get("/processors"))
    parsed(types.LegacyError, client("GET", "/processor_runs/nope").json())


def test_the_vendors_client_runs_a_processor():
    with Server(create_app(CONTRACT, step_ms=0)) as server, httpx.Client() as transport:
        client = Extend(
            token="sk_test", base_url=server.url, httpx_client=transport, extend_api_version="2025-04-21"
        )
        processor = client.processor.list(type="EXTRACT").processors[0]
        created = client.processor_run.create(
            processor_id=processor.id, file={"file_url": GIVEN["file_url"]}, metadata={"a": "b"}
        ).processor_run
        assert created.status == "PROCESSING"
        run = client.processor_run.get(created.id).processor_run
        assert (run.status, run.metadata) == ("PROCESSED", {"a": "b"})
        rows = client.processor_run.list(status="PROCESSED").processor_runs
        assert {row.id for row in rows} == {run.id, *GIVEN["processor_run_ids"]}
        batch = client.batch_processor_run.get(GIVEN["batch_processor_run_ids"][0]).batch_processor_run
        assert (batch.source, batch.processor_id) == ("EVAL_SET", processor.id)
        with pytest.raises(ApiError) as raised:
            client.processor_run.cancel(run.id)
        assert raised.value.status_code == 400
        assert client.processor_run.delete(run.id).document_processor_run_id == run.id
        with pytest.raises(ApiError) as raised:
            client.processor_run.get(run.id)
        assert raised.value.status_code == 404
