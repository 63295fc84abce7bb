"""extend/2026-02-09: the vendor's own client and models understand every family."""

import httpx
import pytest
from extend_ai import Extend, types
from extend_ai.core.api_error import ApiError
from pydantic import TypeAdapter

from batchproof.emulator import Server, create_app, fixtures

CONTRACT = "extend/2026-02-09"
GIVEN = fixtures(CONTRACT)
MODELS = {
    "extract": (types.ExtractRun, types.ExtractRunSummary, types.ExtractorSummary),
    "classify": (types.ClassifyRun, types.ClassifyRunSummary, types.ClassifierSummary),
    "split": (types.SplitRun, types.SplitRunSummary, types.SplitterSummary),
    "parse": (types.ParseRun, types.ParseRunSummary, None),
}
OUTPUTS = {
    "extract": types.ExtractOutputJson,
    "classify": types.ClassifyOutput,
    "split": types.SplitOutput,
    "parse": types.ParseRunOutput,
}


def parsed(model, value):
    """The value as the vendor's model, checked: the model itself fills in whatever it cannot read."""
    checked = TypeAdapter(model).validate_python(value)
    assert not checked.model_extra
    return checked


@pytest.mark.parametrize("variant", [None, "never-pending", "null-page-token", "fractional-offset-times"])
def test_the_vendors_models_accept_the_objects(make_family, family, file, failing_file, variant):
    family = make_family(family.name, variants=[variant] if variant else [])
    detail, summary, processor = MODELS[family.name]
    parsed(types.BatchRun, family.submit(file, failing_file))
    alone = [family.create(file, metadata={"a": 1}), family.create(failing_file), family.create(file)]
    parsed(detail, family.call("POST", alone[2]["id"], "/cancel").json())
    for _ in range(4):
        for row in family.rows():
            parsed(summary, row)
            run = parsed(detail, family.run(row))
            if run.status == "PROCESSED":
                parsed(OUTPUTS[family.name], family.run(row)["output"])
        family.api.steps(1)
    if processor is not None:
        for row in family.api.get(f"/{family.processor}s")["data"]:
            parsed(processor, row)


def test_the_vendors_client_runs_each_family(file):
    with Server(create_app(CONTRACT, step_ms=0, showcase=False)) as server, httpx.Client() as transport:
        client = Extend(token="sk_test", base_url=server.url, httpx_client=transport)
        processors = {
            name: {"id": lister.list().data[0].id}
            for name, lister in (
                ("extractor", client.extractors),
                ("classifier", client.classifiers),
                ("splitter", client.splitters),
            )
        }
        for runs, reference in (
            (client.extract_runs, {"extractor": processors["extractor"]}),
            (client.classify_runs, {"classifier": processors["classifier"]}),
            (client.split_runs, {"splitter": processors["splitter"]}),
            (client.parse_runs, {}),
        ):
            created = runs.create(file=file, metadata={"a": "b"}, **reference)
            run = runs.retrieve(created.id)
            assert (run.status, run.metadata) == ("PROCESSED", {"a": "b"})
            assert [row.id for row in runs.list(status="PROCESSED").data] == [run.id]
            batch = runs.create_batch(inputs=[{"file": file}], **reference)
            assert (batch.status, batch.run_count) == ("PENDING", 1)
            assert client.batch_runs.get(batch.id).status == "PROCESSED"
            assert len(runs.list(batch_id=batch.id).data) == 1
            with pytest.raises(ApiError) as raised:
                runs.cancel(run.id)
            assert raised.value.status_code == 400
            assert runs.delete(run.id).id == run.id
            with pytest.raises(ApiError) as raised:
                runs.retrieve(run.id)
            assert raised.value.status_code == 404
