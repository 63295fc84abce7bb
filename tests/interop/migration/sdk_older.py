"""The vendor's SDK for the older version (extend-ai 0.2): classifies a document at once, cancels one that waits, reads the lists."""

import time

import httpx
from extend_ai import Extend
from extend_ai.core.api_error import ApiError
from extend_ai.types import ProcessorRunFileInput

ENDED = {"PROCESSED", "FAILED", "CANCELLED"}
FILE = ProcessorRunFileInput(file_name="letter.pdf", file_url="https://files.example.com/letter.pdf")


def main(api: httpx.Client) -> list[str]:
    client = Extend(token="tok_sdk_9b7d5f3a1c", base_url=str(api.base_url), httpx_client=api)
    processor = client.processor.list(type="CLASSIFY", max_page_size=5).processors[0]
    done = client.processor_run.create(processor_id=processor.id, file=FILE, sync=True).processor_run
    described = [f"{done.status} {done.output.type}", f"by {done.processor_name == processor.name}"]
    run = client.processor_run.create(processor_id=processor.id, file=FILE, priority=9).processor_run
    while run.status not in ENDED:
        time.sleep(0.05)
        run = client.processor_run.get(run.id).processor_run
    described.append(f"{run.status} at {run.url is not None}")
    waiting = client.processor_run.create(processor_id=processor.id, file=FILE).processor_run
    described.append(client.processor_run.cancel(waiting.id).processor_run.status)
    rows = client.processor_run.list(processor_id=processor.id, processor_type="CLASSIFY").processor_runs
    described.append(
        f"mine {all(row.processor_id == processor.id for row in rows)}, {run.id in [row.id for row in rows]}"
    )
    try:
        client.processor_run.get("dpr_nothing")
    except ApiError as error:
        reason = error.body["error"]
        described.append(f"{error.status_code} {'says why' if reason else 'silent'}")
    return described
