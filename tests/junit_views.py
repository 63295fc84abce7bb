"""What two CI systems make of a JUnit file, by the rules of their own readers.

Jenkins: ``SuiteResult``, ``CaseResult`` and ``ClassResult`` of its JUnit plugin. GitLab: ``Gitlab::Ci::Parsers::Test::Junit``,
``Gitlab::Ci::Reports::TestCase`` and ``TestSuite``, which read the file with ``Hash.from_xml``.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# of the output of a test that did not fail Jenkins keeps so much at either end
_JENKINS_KEEPS = 500


class JenkinsCase(NamedTuple):
    """One line of the list of tests, and what stands behind it. ``details`` is the error message, ``trace`` the stack trace."""

    package: str
    group: str
    name: str
    status: str
    duration: float
    details: str | None
    trace: str | None
    skipped: str | None
    stdout: str | None


class GitlabCase(NamedTuple):
    """One line of the unit test report: columns suite, name, status and duration; ``output`` opens behind *View details*."""

    suite: str
    name: str
    status: str
    duration: float
    output: str | None
    attachment: str | None


def jenkins(file: Path) -> list[JenkinsCase]:
    """What the JUnit plugin of Jenkins lists."""
    return [case for suite in _suites(ET.parse(file).getroot()) for case in _of_jenkins(suite)]


def _suites(root: ET.Element) -> Iterator[ET.Element]:
    for suite in root.findall("testsuite"):
        yield from _suites(suite)
    if root.find("testcase") is not None:
        yield root


def _of_jenkins(suite: ET.Element) -> Iterator[JenkinsCase]:
    for case in suite.findall("testcase"):
        classname = case.get("classname", suite.get("name", ""))
        package, dot, group = classname.rpartition(".")
        broken = case.find("error") if case.find("error") is not None else case.find("failure")
        skipped = case.find("skipped")
        # a test that is skipped is skipped, whatever else it holds
        status = "skipped" if skipped is not None else "passed" if broken is None else "failed"
        stdout = case.findtext("system-out")
        if stdout is not None and broken is None and len(stdout) > 2 * _JENKINS_KEEPS:
            cut = len(stdout) - 2 * _JENKINS_KEEPS
            stdout = f"{stdout[:_JENKINS_KEEPS]}\n...[truncated {cut} chars]...\n{stdout[-_JENKINS_KEEPS:]}"
        yield JenkinsCase(
            package=package if dot else "(root)",
            group=group,
            name=case.get("name") or "(?)",
            status=status,
            duration=float(case.get("time", "0").replace(",", "")),
            details=None if broken is None else broken.get("message"),
            trace=None if broken is None else broken.text or "",
            skipped=None if skipped is None else skipped.get("message", skipped.text or ""),
            stdout=stdout,
        )


def gitlab(file: Path) -> list[GitlabCase]:
    """What the unit test report of GitLab lists: of cases with the same suite, class and name the last one."""
    root = ET.parse(file).getroot()
    found: dict[tuple[str, str, str], GitlabCase] = {}
    for suite in root.iter("testsuite"):
        for case in suite.findall("testcase"):
            key = (suite.get("name", ""), case.get("classname", ""), case.get("name", ""))
            found[key] = _of_gitlab(case)
    return list(found.values())


def _of_gitlab(case: ET.Element) -> GitlabCase:
    states = {"failure": "failed", "error": "error", "skipped": "skipped"}
    tag = next((tag for tag in states if case.find(tag) is not None), None)
    # an element with text and attributes becomes its text alone
    output = None if tag is None else case.findtext(tag)
    said = case.findtext("system-out") or ""
    attached = said.partition("[[ATTACHMENT|")[2].partition("]]")[0]
    return GitlabCase(
        suite=case.get("classname", ""),
        name=case.get("name", ""),
        status="success" if tag is None else states[tag],
        duration=float(case.get("time", "0")),
        output=output,
        attachment=attached or None,
    )
