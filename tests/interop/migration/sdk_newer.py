"""``sdk_older.py``, moved to the SDK for the newer version (extend-ai 1.20) as its to-do list says."""

import time

import httpx
from extend_ai import Extend
from extend_ai.core.api_error import ApiError
from extend_ai.types import ClassifyRun

ENDED = {"PROCESSED", "FAILED", "CANCELLED"}
FILE = {"name": "letter.pdf", "url": "https://files.example.com/letter.pdf"}


def ended(client: Extend, run: ClassifyRun) -> ClassifyRun:
    """What ``sync`` was for: the answer to a creation waits for nothing any more."""
    while run.status not in ENDED:
        time.sleep(0.05)
        run = client.classify_runs.retrieve(run.id)
    return run


def main(api: httpx.Client) -> list[str]:
    client = Extend(token="tok_sdk_9b7d5f3a1c", base_url=str(api.base_url), httpx_client=api)
    classifier = client.classifiers.list(max_page_size=5).data[0]
    done = ended(client, client.classify_runs.create(classifier={"id": classifier.id}, file=FILE))
    described = [f"{done.status} {done.output.type}", f"by {done.classifier.name == classifier.name}"]
    run = client.classify_runs.create(classifier={"id": classifier.id}, file=FILE, priority=9)
    run = ended(client, run)
    described.append(f"{run.status} at {run.dashboard_url is not None}")
    waiting = client.classify_runs.create(classifier={"id": classifier.id}, file=FILE)
    described.append(client.classify_runs.cancel(waiting.id).status)
    rows = client.classify_runs.list(classifier_id=classifier.id).data
    described.append(
        f"mine {all(row.classifier.id == classifier.id for row in rows)}, {run.id in [row.id for row in rows]}"
    )
    try:
        client.classify_runs.retrieve("clr_nothing")
    except ApiError as error:
        reason = error.body["message"]
        described.append(f"{error.status_code} {'says why' if reason else 'silent'}")
    return described
