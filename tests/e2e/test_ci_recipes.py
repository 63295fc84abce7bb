"""The recipes for CI: valid by the hosts' own schemas, run step by step, and without harm whatever they are given."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.recipes import ACTION, GITLAB, ROOT, Host, job

REAL = [sys.executable, "-m", "batchproof"]
PAGE = (ROOT / "docs" / "ci.md").read_text()
TEXTS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES = [yaml.safe_load(text) for text in TEXTS]
CONTRACT = "talonic/v1"
# writes down its arguments, and leaves a report
RECORDER = """#!/usr/bin/env python3
import json, os, pathlib, sys
with open("arguments.ndjson", "a") as file:
    print(json.dumps([sys.argv[1:], os.environ.get("BATCHPROOF_TOKEN")]), file=file)
output = pathlib.Path(next(item for item in sys.argv if item.startswith("--output=")).partition("=")[2])
output.mkdir(parents=True, exist_ok=True)
results = {"verdict": "passed", "claim": "a\\nverdict=failed", "totals": {"MUST": {"passed": 1}}}
(output / "results.json").write_text(json.dumps(results))
sys.exit(int(os.environ.get("ENDS_WITH", "0")))
"""
HOSTILE = [
    '"; touch pwned; echo "',
    "'; touch pwned; echo '",
    "$(touch pwned)",
    "`touch pwned`",
    "a && touch pwned",
    "first\nverdict=passed\nclaim<<end\n::error::boom",
    "x\r\n::set-output name=verdict::passed",
    "--help",
    "*",
    "\\",
    "${{ secrets.TOKEN }}",
]
OPTIONS = ["target", "contract", "profile", "max-runs", "config", "expected", "shard"]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    program = tmp_path / "bin" / "batchproof"
    program.parent.mkdir()
    program.write_text(RECORDER)
    program.chmod(0o755)
    return program


def arguments(workspace: Path) -> list[str]:
    (call,) = (workspace / "arguments.ndjson").read_text().splitlines()
    return [item for item in json.loads(call)[0] if not item.startswith("--output=")]


@pytest.mark.parametrize(
    ("host", "recipe", "schemas"),
    [
        ("github", ROOT / "action.yml", ("vendor.github-actions", "vendor.github-workflows")),
        ("gitlab", ROOT / "ci" / "gitlab.yml", ("vendor.gitlab-ci", "vendor.gitlab-ci")),
    ],
)
def test_recipe_and_examples_are_what_the_schemas_of_the_host_say(
    host: str, recipe: Path, schemas: tuple[str, str], tmp_path: Path
) -> None:
    examples = []
    for number, text in enumerate(TEXTS):
        if ("runs-on" in text) is (host == "github"):
            examples.append(tmp_path / f"{number}.yml")
            examples[-1].write_text(text)
    assert len(examples) == 2
    for schema, files in zip(schemas, ([recipe], examples), strict=True):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_examples_use_what_there_is() -> None:
    jobs = [made for example in EXAMPLES for made in example.get("jobs", {}).values()]
    steps = [step for made in jobs for step in made["steps"] if "batchproof@" in step["uses"]]
    inputs = [name for step in steps for name in step["with"]]
    assert set(inputs) - set(ACTION["inputs"]) == set()
    extended = [
        item
        for example in EXAMPLES
        for item in example.values()
        if isinstance(item, dict) and "extends" in item
    ]
    assert {item["extends"] for item in extended} == set(GITLAB)
    variables = {name for item in extended for name in item.get("variables", {})}
    assert variables - set(GITLAB[".batchproof"]["variables"]) == set()
    assert (len(steps), len(extended)) == (3, 3)


def test_the_page_names_every_input_and_output() -> None:
    names = [*ACTION["inputs"], *ACTION["outputs"]]
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_no_expression_stands_in_a_script() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert [script for script in scripts if "${{" in script or re.search(r"\beval\b", script)] == []
    assert len(scripts) == 4


def test_the_versions_of_the_recipes_are_that_of_the_package() -> None:
    version = re.search(r'__version__ = "(.*)"', (ROOT / "src" / "batchproof" / "version.py").read_text())
    assert version is not None
    described = re.findall(r"batchproof(?:@v|==)([\d.]+\d)", PAGE + (ROOT / "ci" / "gitlab.yml").read_text())
    assert set(described) == {version[1]}


def test_the_first_step_installs_the_action_itself(workspace: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    pip = f'#!/bin/sh\necho "$@" >> {tmp_path}/installed\n'
    (tools / "python").write_text(
        f'#!/bin/sh\nmkdir -p "$3/bin"\ncat > "$3/bin/pip" <<"END"\n{pip}END\nchmod 755 "$3/bin/pip"\n'
    )
    (tools / "python").chmod(0o755)
    host = Host(workspace, ["false"], {}, PATH=f"{tools}:/usr/bin:/bin")
    assert host.run("install") == (0, "", "")
    assert (tmp_path / "installed").read_text() == f"install --quiet {ROOT}\n"


def test_a_healthy_server(workspace: Path) -> None:
    host = Host(workspace, REAL, {"contract": CONTRACT, "profile": "quick", "claims": "batches\nsync\n"})
    assert [host.run(name).code for name in ("run", "outputs", "conclude")] == [0, 0, 0]
    results = json.loads((Path(host.described["report"]) / "results.json").read_bytes())
    assert host.described == {
        "verdict": "passed",
        "claim": results["claim"],
        "counts": json.dumps(results["totals"]),
        "exit-code": "0",
        "report": host.outputs["run"]["report"],
    }
    assert results["claims"] == ["batches", "sync"]
    # nothing is left in the checkout
    assert list(workspace.iterdir()) == []


def test_a_faulty_server_in_shards(workspace: Path, tmp_path: Path, served: Callable[..., str]) -> None:
    (workspace / "batchproof.toml").write_text("[limits]\npoll_interval_s = 0.05\n")
    given = {"contract": CONTRACT, "profile": "quick", "target": served(CONTRACT, faults=["item-status-unknown"]),
             "token": "tok_recipes", "max-runs": "100"}  # fmt: skip
    (workspace / "shards").mkdir()
    ended = []
    for number in (1, 2):
        place = tmp_path / f"job-{number}"
        place.mkdir()
        (place / "batchproof.toml").write_text((workspace / "batchproof.toml").read_text())
        host = Host(place, REAL, {**given, "shard": f"{number}/2", "artifact": f"shard-{number}"})
        host.run("run")
        host.run("outputs")
        ended.append((host.described["exit-code"], host.run("conclude").code))
        upload = next(step for step in ACTION["runs"]["steps"] if "upload-artifact" in step.get("uses", ""))
        name, path = (host.value(upload["with"][key]) for key in ("name", "path"))
        Path(path).rename(workspace / "shards" / name)
    # a shard fails where it finds something, and not for what it leaves to the other
    assert sorted(ended) in ([("1", 1), ("3", 0)], [("1", 1), ("1", 1)])
    host = Host(workspace, REAL, {"merge": "shards"})
    assert [host.run(name).code for name in ("run", "outputs", "conclude")] == [0, 0, 1]
    assert (host.described["verdict"], host.described["exit-code"]) == ("failed", "1")


def test_a_refused_configuration_fails_the_job(workspace: Path) -> None:
    host = Host(workspace, REAL, {"contract": "nobody/v1"})
    assert [host.run(name).code for name in ("run", "outputs", "conclude")] == [0, 0, 2]
    assert {name: host.described[name] for name in ("verdict", "claim", "counts", "exit-code")} == {
        "verdict": "none",
        "claim": "",
        "counts": "{}",
        "exit-code": "2",
    }


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_input_is_an_argument_and_no_more(workspace: Path, recorder: Path, value: str) -> None:
    host = Host(workspace, [str(recorder)], dict.fromkeys(OPTIONS, value))
    assert host.run("run").code == 0
    assert sorted(arguments(workspace)) == sorted(["run", *(f"--{name}={value}" for name in OPTIONS)])
    assert host.outputs["run"].keys() == {"code", "report"}
    assert sorted(item.name for item in workspace.iterdir()) == ["arguments.ndjson"]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_claims_and_tokens_do_no_harm(workspace: Path, recorder: Path, value: str) -> None:
    host = Host(workspace, [str(recorder)], {"claims": value, "token": value})
    assert host.run("run").code == 0
    claims = [f"--claim={line}" for line in value.split("\n") if line]
    assert arguments(workspace)[-len(claims) :] == claims
    assert json.loads((workspace / "arguments.ndjson").read_text())[1] == value
    assert sorted(item.name for item in workspace.iterdir()) == ["arguments.ndjson"]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_folder_to_merge_does_no_harm(workspace: Path, recorder: Path, value: str) -> None:
    host = Host(workspace, [str(recorder)], {"merge": value})
    assert host.run("run").code == 0
    assert arguments(workspace) == ["merge", "--", f"{value}/*/"]
    assert sorted(item.name for item in workspace.iterdir()) == ["arguments.ndjson"]


def test_a_claim_of_several_lines_is_one_output(workspace: Path, recorder: Path) -> None:
    host = Host(workspace, [str(recorder)], {})
    host.run("run")
    host.run("outputs")
    assert host.outputs["outputs"] == {
        "verdict": "passed",
        "claim": "a\nverdict=failed",
        "counts": '{"MUST": {"passed": 1}}',
    }


@pytest.mark.parametrize("name", [*OPTIONS, "claims", "merge"])
def test_what_is_said_of_a_hostile_input_is_no_command_of_the_host(workspace: Path, name: str) -> None:
    value = "/::error::boom\n::set-output name=verdict::passed\r##vso[task.complete]\x1b[2J"
    step = Host(workspace, REAL, {"contract": CONTRACT, name: value}).run("run")
    lines = re.split(r"[\r\n]", step.out + step.err)
    assert [line for line in lines if re.match(r"\s*(::|##)", line)] == []
    assert "\x1b" not in step.out + step.err


@pytest.mark.parametrize(
    ("ends_with", "shard", "code"), [("3", "", 3), ("3", "1/2", 0), ("1", "1/2", 1), ("4", "", 4)]
)
def test_the_job_ends_as_the_run_did(
    workspace: Path, recorder: Path, ends_with: str, shard: str, code: int
) -> None:
    host = Host(workspace, [str(recorder)], {"shard": shard}, ENDS_WITH=ends_with)
    assert [host.run(name).code for name in ("run", "outputs", "conclude")] == [0, 0, code]


def test_a_token_of_the_job_counts_where_none_is_given(workspace: Path, recorder: Path) -> None:
    Host(workspace, [str(recorder)], {}, BATCHPROOF_TOKEN="tok_job").run("run")
    assert json.loads((workspace / "arguments.ndjson").read_text())[1] == "tok_job"


@pytest.mark.parametrize("value", HOSTILE)
def test_gitlab_hands_variables_on_as_they_are(workspace: Path, recorder: Path, value: str) -> None:
    given = {f"BATCHPROOF_{name}": value for name in ("TARGET", "CONTRACT", "PROFILE", "MAX_RUNS", "CLAIMS")}
    assert job(workspace, recorder, ".batchproof", **given).code == 0
    options = [f"--{name}={value}" for name in ("profile", "target", "contract", "max-runs")]
    claims = [f"--claim={word}" for word in re.split(r"[ \t\n]+", value) if word]
    assert arguments(workspace) == ["run", *options, *claims]
    assert sorted(item.name for item in workspace.iterdir()) == ["arguments.ndjson", "batchproof-report"]


@pytest.mark.parametrize(("ends_with", "code"), [("0", 0), ("1", 1), ("3", 0), ("4", 4)])
def test_gitlab_shards(workspace: Path, recorder: Path, ends_with: str, code: int) -> None:
    nodes = {"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"}
    assert job(workspace, recorder, ".batchproof", ENDS_WITH=ends_with, **nodes).code == code
    assert arguments(workspace) == ["run", "--profile=core", "--shard=2/3"]
    (workspace / "arguments.ndjson").unlink()
    (workspace / "batchproof-report" / "shard-1").mkdir()
    assert job(workspace, recorder, ".batchproof-merge").code == 0
    assert arguments(workspace) == ["merge", "batchproof-report/shard-1", "batchproof-report/shard-2"]


def test_the_image_is_pinned_and_runs_without_rights() -> None:
    lines: list[Any] = [line.split() for line in (ROOT / "Containerfile").read_text().splitlines() if line]
    words = {line[0]: line[1:] for line in lines}
    base = next(line[1] for line in lines if line[0] == "ARG")
    assert re.fullmatch(r"BASE=docker\.io/library/python:\d+\.\d+\.\d+-slim-[a-z]+@sha256:[0-9a-f]{64}", base)
    assert {line[1] for line in lines if line[0] == "FROM"} == {"${BASE}"}
    user, _, group = words["USER"][0].partition(":")
    assert (int(user) > 0, int(group) > 0) == (True, True)
    assert [line for line in lines if line[0] == "ADD"] == []
    assert words["ENTRYPOINT"] == ['["batchproof"]']
