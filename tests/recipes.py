"""What a CI host does with the recipes, as far as it can be done without one."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
GITLAB: dict[str, Any] = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())
_EXPRESSION = re.compile(r"\$\{\{ *([^}]*?) *\}\}")
_SHELLS = {"bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"], "python": [sys.executable]}


class Step(NamedTuple):
    """A step that has ended."""

    code: int
    out: str
    err: str


class Host:
    """Runs the steps of `action.yml` one by one, with the inputs of a job. Other actions are named, not run.

    `folder` is the workspace, `program` what stands for batchproof.
    """

    def __init__(
        self, folder: Path, program: list[str], inputs: Mapping[str, str], **environment: str
    ) -> None:
        self.folder = folder
        self.inputs = {name: item["default"] for name, item in ACTION["inputs"].items()} | dict(inputs)
        self.outputs: dict[str, dict[str, str]] = {}
        self._temporary = folder.parent / f"{folder.name}-temporary"
        (self._temporary / "batchproof" / "bin").mkdir(parents=True)
        batchproof = self._temporary / "batchproof" / "bin" / "batchproof"
        batchproof.write_text(f'#!/bin/sh\nexec {shlex.join(program)} "$@"\n')
        batchproof.chmod(0o755)
        self._environment = {
            **clean(),
            "RUNNER_TEMP": str(self._temporary),
            "GITHUB_ACTION_PATH": str(ROOT),
            **environment,
        }

    def run(self, name: str) -> Step:
        """Runs the step with that id."""
        (step,) = [item for item in ACTION["runs"]["steps"] if item.get("id") == name]
        described, script = self._temporary / f"{name}.output", self._temporary / f"{name}.script"
        described.touch()
        script.write_text(step["run"])
        given = {key: self.value(value) for key, value in step.get("env", {}).items()}
        done = subprocess.run(
            [*_SHELLS[step["shell"]], str(script)],
            cwd=self.folder,
            env={**self._environment, **given, "GITHUB_OUTPUT": str(described)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.outputs[name] = dict(_outputs(described.read_text()))
        return Step(done.returncode, done.stdout, done.stderr)

    def value(self, text: str) -> str:
        """A text with its expressions worked out: inputs, and outputs of steps."""
        return _EXPRESSION.sub(lambda found: self._of(found[1]), text)

    def _of(self, expression: str) -> str:
        match expression.split("."):
            case ["inputs", name]:
                return self.inputs[name]
            case ["steps", step, "outputs", name]:
                return self.outputs.get(step, {}).get(name, "")
        raise ValueError(expression)

    @property
    def described(self) -> dict[str, str]:
        """The outputs of the action."""
        return {name: self.value(item["value"]) for name, item in ACTION["outputs"].items()}


def _outputs(text: str) -> Iterator[tuple[str, str]]:
    """The outputs in a file, by the rules of the host: `name=value`, or `name<<end`, lines, and `end`."""
    lines = iter(text.split("\n"))
    for line in lines:
        name, heredoc, end = line.partition("<<")
        if heredoc and "=" not in name:
            value: list[str] = []
            for inner in lines:
                if inner == end:
                    break
                value.append(inner)
            yield name, "\n".join(value)
        elif line:
            name, _, text_of_it = line.partition("=")
            yield name, text_of_it


def job(folder: Path, program: Path, name: str, **variables: str) -> Step:
    """Runs the script of a job of the GitLab template, with `program` as batchproof, as its shell would."""
    about = GITLAB[name]
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(about["script"])],
        cwd=folder,
        env={
            **clean(),
            **about["variables"],
            **variables,
            "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Step(done.returncode, done.stdout, done.stderr)


def clean() -> dict[str, str]:
    """The environment without what steers batchproof, pytest or a CI host."""
    steering = ("BATCHPROOF", "PYTEST", "GITHUB_", "GITLAB_", "CI_")
    return {name: value for name, value in os.environ.items() if not name.startswith(steering)} | {
        "NO_COLOR": "1"
    }
