"""``httpx_older.py``, moved to the newer version line by line as its to-do list says."""

import time

import httpx

HEADERS = {"x-extend-api-version": "2026-02-09"}
ENDED = {"PROCESSED", "FAILED", "CANCELLED"}
GOOD = "https://files.example.com/invoice.pdf"
BAD = "https://files.example.com/fail.pdf"


def main(api: httpx.Client) -> list[str]:
    api.headers.update(HEADERS)
    listed = api.get("/extractors", params={"maxPageSize": 5}).raise_for_status().json()
    extractor, name = listed["data"][0]["id"], listed["data"][0]["name"]
    described = []
    for url in (GOOD, BAD):
        body = {
            "extractor": {"id": extractor, "version": "latest"},
            "file": {"name": "invoice.pdf", "url": url},
            "metadata": {"batch": "monday"},
        }
        run = api.post("/extract_runs", json=body).raise_for_status().json()
        while run["status"] not in ENDED:
            time.sleep(0.05)
            run = api.get(f"/extract_runs/{run['id']}").raise_for_status().json()
        described.append(
            f"mine {run['extractor']['name'] == name}, {run['status']} {run['file']['name']} {run['metadata']['batch']}"
        )
        if run["status"] == "PROCESSED":
            described.append(f"value {'yes' if run['output']['value'] else 'no'}")
            api.delete(f"/extract_runs/{run['id']}").raise_for_status()
            gone = api.get(f"/extract_runs/{run['id']}")
            described.append(f"{gone.status_code} {'says why' if gone.json()['message'] else 'silent'}")
        else:
            described.append(f"because {run['failureReason']}")
    query = {"extractorId": extractor, "status": "FAILED", "maxPageSize": 10}
    rows = api.get("/extract_runs", params=query).raise_for_status().json()["data"]
    described.append(
        f"failed {len(rows) > 0} of mine {all(row['extractor']['id'] == extractor for row in rows)}"
    )
    return described
