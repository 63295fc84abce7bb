"""talonic/v1: uploading documents, at once or in a batch."""

import pytest


def document(talonic, answer):
    return talonic.get(answer.json()["links"]["document"])


def test_the_answer(talonic):
    answer = talonic.ingest("invoice.pdf", b"content")
    source = talonic.get("/v1/sources")["data"][0]
    body = answer.json()
    assert (answer.status_code, body) == (
        200,
        {
            "document_id": body["document_id"],
            "filename": "invoice.pdf",
            "status": "queued",
            "processing_mode": "batch",
            "source_id": source["id"],
            "existing_document_id": None,
            "size_bytes": 7,
            "message": None,
            "links": {
                "document": f"/v1/documents/{body['document_id']}",
                "source": f"/v1/sources/{source['id']}",
            },
        },
    )
    found = document(talonic, answer)
    assert (found["id"], found["filename"], found["size_bytes"]) == (body["document_id"], "invoice.pdf", 7)
    assert (found["status"], found["type_detected"]) == ("pending", "invoice")
    assert "error" not in found


def test_documents_join_the_batch_that_accumulates(talonic):
    for n in range(3):
        talonic.ingest(f"{n}.pdf", bytes([n]))
        talonic.steps(1)
    (batch, *_) = talonic.batches()
    assert batch["item_count"] == 3
    assert batch["status"] == "submitted"
    assert batch["updated_at"] == batch["submitted_at"] == "2026-03-01T12:00:30.000Z"
    talonic.ingest("late.pdf", b"late")
    (newer, older, *_) = talonic.batches()
    assert (newer["item_count"], newer["status"]) == (1, "accumulating")
    assert older["id"] == batch["id"]


def test_a_cancelled_batch_takes_no_more(talonic):
    talonic.ingest()
    (batch, *_) = talonic.batches()
    talonic.act("cancel", batch["id"])
    talonic.steps(0.1)
    talonic.ingest("b.pdf", b"B")
    assert talonic.batches()[0]["id"] != batch["id"]
    assert talonic.batch(batch["id"])["item_count"] == 1


def test_the_threshold_submits_a_batch(talonic):
    talonic.app.state.emulator.behaviour.pace.threshold = 2
    for n in range(2):
        assert talonic.ingest(content=bytes([n])).status_code == 200
    assert talonic.batches()[0]["status"] == "submitted"


@pytest.mark.parametrize(("name", "end"), [("good.pdf", "completed"), ("will_fail.pdf", "error")])
@pytest.mark.parametrize("mode", ["batch", "realtime"])
def test_the_name_tells_how_a_document_ends(talonic, name, end, mode):
    answer = talonic.ingest(name, b"x", data={"processing_mode": mode})
    seen = []
    for _ in range(11):
        seen.append(document(talonic, answer)["status"])
        talonic.steps(1)
    assert list(dict.fromkeys(seen)) == ["pending", "processing", end]
    found = document(talonic, answer)
    assert ("error" in found) == (end == "error")
    assert found["extraction_count"] == (end == "completed")


def test_real_time_is_the_default(talonic):
    before = talonic.batches()
    assert talonic.ingest(data={}).json()["processing_mode"] == "realtime"
    assert talonic.batches() == before


@pytest.mark.parametrize("name", ["a.png", "a.JPG", "a.jpeg"])
def test_images_are_never_batched(talonic, name):
    assert talonic.ingest(name).json()["processing_mode"] == "realtime"


def test_the_same_bytes_are_a_duplicate(talonic):
    first = talonic.ingest("one.pdf", b"\x00\r\n\xff\r").json()
    second = talonic.ingest("two.pdf", b"\x00\r\n\xff\r").json()
    assert (second["status"], second["document_id"]) == ("duplicate", None)
    assert second["existing_document_id"] == first["document_id"]
    assert second["message"] == "The same file was ingested before."
    assert talonic.ingest("one.pdf", b"\x00\n\xff\n").json()["status"] == "queued"


def test_an_idempotency_key_uploads_once(talonic):
    keyed = talonic.key | {"Idempotency-Key": "k"}
    first = talonic.ingest(headers=keyed)
    assert talonic.ingest(headers=keyed).json() == first.json()
    assert talonic.ingest().json()["status"] == "duplicate"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"files": None}, "missing_document"),
        ({"files": {"document": ("a.pdf", b"A")}}, "missing_document"),
        ({"files": {"file": (None, b"A")}}, "missing_document"),
        ({"files": None, "data": None, "json": {"url": "https://a.example/a.pdf"}}, "missing_document"),
        ({"files": [("file", ("a", b"A")), ("file", ("b", b"B"))]}, "validation_error"),
        ({"data": {"processing_mode": "sync"}}, "validation_error"),
        ({"data": {"processing_mode": ["batch", "realtime"]}}, "validation_error"),
        ({"data": {"processing_mode": ""}}, "validation_error"),
    ],
)
def test_checks_the_form(talonic, change, code):
    refused = talonic.ingest(**change)
    assert (refused.status_code, refused.json()["code"]) == (400, code)


def test_an_unknown_source_is_not_found(talonic):
    answer = talonic("POST", "/v1/sources/nope/documents", files={"file": ("a.pdf", b"A")})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def part(disposition, content=b"A", *headers):
    """A form of one part, with the boundary x."""
    lines = [b"--x", b"Content-Disposition: form-data; " + disposition, *headers, b"", content, b"--x--"]
    return b"\r\n".join(lines)


FILE = b'name="file"; filename="a"'


@pytest.mark.parametrize("boundary", ["x", '"x"', "", "\xff", "x" * 500])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x--",
        b"--x\r\n\r\n\r\n--x--",
        part(FILE),
        part(b"name=\"file\"; filename*=utf-8''%ff"),
        part(b"name*=zz''file; filename=\"a\""),
        part(b'name="file"; filename="\xff\x00"'),
        part(b'name="file"; filename="' + b"a" * 100_000 + b'"'),
        part(FILE, b"!", b"Content-Transfer-Encoding: base64"),
        part(FILE, b"A", b"Content-Type: multipart/mixed; boundary=x"),
        part(FILE, b"A", b"Content-Type: message/rfc822"),
        part(FILE, b"A", b"Content-Type: \xff/\x00"),
        b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 2000,
        b"\xff\x00" * 1000,
    ],
)
def test_hostile_forms(talonic, boundary, body):
    headers = talonic.key | {"Content-Type": b"multipart/form-data; boundary=" + boundary.encode("latin-1")}
    answer = talonic.ingest(headers=headers, files=None, data=None, content=body)
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert document(talonic, answer)["filename"] == answer.json()["filename"]
