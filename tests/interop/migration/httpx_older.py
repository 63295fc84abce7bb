"""Plain httpx against the older version: picks an extractor, submits invoices, waits, lists what has failed, deletes."""

import time

import httpx

HEADERS = {"x-extend-api-version": "2025-04-21"}
ENDED = {"PROCESSED", "FAILED", "CANCELLED"}
GOOD = "https://files.example.com/invoice.pdf"
BAD = "https://files.example.com/fail.pdf"


def main(api: httpx.Client) -> list[str]:
    api.headers.update(HEADERS)
    listed = api.get("/processors", params={"type": "EXTRACT", "maxPageSize": 5}).raise_for_status().json()
    processor, name = listed["processors"][0]["id"], listed["processors"][0]["name"]
    described = []
    for url in (GOOD, BAD):
        body = {
            "processorId": processor,
            "version": "latest",
            "file": {"fileName": "invoice.pdf", "fileUrl": url},
            "metadata": {"batch": "monday"},
        }
        run = api.post("/processor_runs", json=body).raise_for_status().json()["processorRun"]
        while run["status"] not in ENDED:
            time.sleep(0.05)
            run = api.get(f"/processor_runs/{run['id']}").raise_for_status().json()["processorRun"]
        described.append(
            f"mine {run['processorName'] == name}, {run['status']} {run['files'][0]['name']} {run['metadata']['batch']}"
        )
        if run["status"] == "PROCESSED":
            described.append(f"value {'yes' if run['output']['value'] else 'no'}")
            api.delete(f"/processor_runs/{run['id']}").raise_for_status()
            gone = api.get(f"/processor_runs/{run['id']}")
            described.append(f"{gone.status_code} {'says why' if gone.json()['error'] else 'silent'}")
        else:
            described.append(f"because {run['failureReason']}")
    query = {"processorId": processor, "status": "FAILED", "maxPageSize": 10}
    rows = api.get("/processor_runs", params=query).raise_for_status().json()["processorRuns"]
    described.append(f"failed {len(rows) > 0} of mine {all(row['processorId'] == processor for row in rows)}")
    return described
