"""Whatever is sent, the answer is never a server error: the client raises if the application breaks."""

import json

import pytest

JSON = {"Content-Type": "application/json"}
TARGETS = [
    f"/{family}_runs{batch}"
    for family in ("extract", "classify", "split", "parse")
    for batch in ("", "/batch")
]


@pytest.mark.parametrize("path", TARGETS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"a":' * 101 + b"1" + b"}" * 101,
    ],
)
def test_malformed_bodies_are_invalid_requests(api, key, path, content):
    response = api("POST", path, headers=key | JSON, content=content)
    assert response.status_code == 400
    assert response.json()["code"] == "INVALID_REQUEST"


@pytest.mark.parametrize("content_type", [None, "text/plain", "multipart/form-data", "application/xml"])
def test_other_content_types_are_invalid_requests(api, key, content_type):
    headers = key if content_type is None else key | {"Content-Type": content_type}
    assert api("POST", "/extract_runs", headers=headers, content=b"{}").status_code == 400


@pytest.mark.parametrize("name", ["processor", "inputs", "priority", "config", "file", "package", "metadata"])
@pytest.mark.parametrize("path", ["", "/batch"])
def test_hostile_members(family, key, file, path, name, hostile):
    changed = family.processor if name == "processor" else name
    body = family.reference() | {"inputs": [{"file": file}], "file": file} | {changed: hostile}
    response = family.api("POST", family.path + path, headers=key | JSON, content=json.dumps(body))
    assert response.status_code in (200, 400)


@pytest.mark.parametrize(
    "member",
    [
        "baseProcessor",
        "classifications",
        "splitClassifications",
        "parseConfig",
        "target",
        "chunkingStrategy",
        "blockOptions",
        "engine",
    ],
)
@pytest.mark.parametrize("inside", [False, True])
def test_hostile_configurations(family, key, file, member, inside, hostile):
    value = [{"id": hostile, "type": "other", "description": hostile}, {"type": hostile}]
    value = {"type": hostile} if member == "chunkingStrategy" else value
    config = {member: value if inside else hostile}
    body = json.dumps({"file": file, "config": config})
    response = family.api("POST", family.path, headers=key | JSON, content=body)
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        family.api.steps(5)
        assert family.run(response.json())["output"]


@pytest.mark.parametrize(
    "place",
    [
        "file",
        "metadata",
        "url",
        "id",
        "text",
        "name",
        "settings",
        "version",
        "override",
        "schema",
        "property",
    ],
)
def test_hostile_details(api, key, file, place, hostile):
    extractor = {"id": api.extractor_id()}
    item = {"file": file}
    if place in ("file", "metadata"):
        item[place] = hostile
    elif place in ("id", "text"):
        item["file"] = {place: hostile}
    elif place in ("url", "name", "settings"):
        item["file"] = file | {place: hostile}
    else:
        schema = {"type": "object", "properties": {"p": hostile}}
        extractor |= {
            "version": {"version": hostile},
            "override": {"overrideConfig": hostile},
            "schema": {"overrideConfig": {"schema": hostile}},
            "property": {"overrideConfig": {"schema": schema}},
        }[place]
    body = json.dumps({"extractor": extractor, "inputs": [item]})
    response = api("POST", "/extract_runs/batch", headers=key | JSON, content=body)
    assert response.status_code in (200, 400, 404)
    if response.status_code == 200:
        api.steps(5)
        for run in api.traverse():
            assert api.run(run)["status"] == "PROCESSED"


@pytest.mark.parametrize(
    "subschema",
    [
        {"type": "array"},
        {"type": "array", "items": None},
        {"type": ["array", {}]},
        {"type": 3},
        {"enum": []},
        {"enum": [{"a": [1]}]},
        {"type": "object", "properties": []},
        {"type": "object", "properties": {"": {"type": "integer"}, "a.b[0]": {"type": "boolean"}}},
        {},
    ],
)
def test_odd_schemas_are_refused(api, file, subschema):
    config = {"schema": {"type": "object", "properties": {"p": subschema}}}
    response = api("POST", "/extract_runs", json={"file": file, "config": config})
    assert (response.status_code, response.json()["code"]) == (400, "INVALID_REQUEST")


def nested(levels):
    inner = {"p": {"type": ["null", "integer"]}}
    for _ in range(levels):
        inner = {"p": {"type": "object", "properties": inner}}
    return inner["p"]


@pytest.mark.parametrize(
    "subschema",
    [
        {"type": ["string", "null"], "extend:name": "of any kind"},
        {"enum": ["paid", "open", None]},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array", "items": {"type": ["string", "null"]}},
        {"type": "array", "items": nested(4)},
        nested(5),
    ],
)
def test_schemas_that_keep_the_rules_give_an_output(api, file, subschema):
    config = {"schema": {"type": "object", "properties": {"p": subschema}}}
    run = api.post("/extract_runs", {"file": file, "config": config})
    api.steps(5)
    assert set(api.run(run)["output"]) == {"value", "metadata"}


@pytest.mark.parametrize(
    "subschema",
    [
        {"type": "string"},
        {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
        {"type": ["object", "null"], "properties": {}},
        {"enum": ["paid", "open"]},
        {"enum": [1, None]},
        {"anyOf": [{"type": ["string", "null"]}]},
        {"type": ["string", "null"], "pattern": "x"},
        nested(6),
    ],
)
def test_schemas_that_break_a_rule_are_refused(api, file, subschema):
    config = {"schema": {"type": "object", "properties": {"p": subschema}}}
    response = api("POST", "/extract_runs", json={"file": file, "config": config})
    assert (response.status_code, response.json()["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "url", ["http://[", "ftp://host/x", "//host/x", "http://", "x", "http://host:99999999/%ff%00"]
)
def test_odd_urls(api, url):
    response = api("POST", "/extract_runs", json={"file": {"url": url}})
    assert response.status_code in (200, 400)


@pytest.mark.parametrize("id_", ["%00", "%ff", "..", "%2e%2e", "%F0%9F%92%A9", "x" * 300, "a%2Fb", "{id}"])
@pytest.mark.parametrize("path", ["/batch_runs/", "/extract_runs/", "/parse_runs/"])
def test_odd_ids_are_not_found(api, path, id_):
    assert api("GET", path + id_).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "maxPageSize=1&maxPageSize=2",
        "nextPageToken=%00",
        "nextPageToken=",
        "nextPageToken=WzFd",
        "nextPageToken=WzEsMiwzLDRd",
        "nextPageToken=" + "W1tb" * 2000,
        "nextPageToken=MTIzNDU2Nzg5MA",
        "nextPageToken=%C3%A9",
        "status=%00",
        "status=processed",
        "maxPageSize=" + "9" * 5000,
        "maxPageSize=%D9%A1",
    ],
)
def test_odd_queries_are_invalid_requests(api, query):
    assert api("GET", f"/extract_runs?{query}").status_code == 400
