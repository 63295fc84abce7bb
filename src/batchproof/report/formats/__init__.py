"""The judgement in the formats of other programs: pure functions of results and history, and nothing is sent."""

from batchproof.report.formats.attestation import attestation
from batchproof.report.formats.badge import badge
from batchproof.report.formats.comment import comment
from batchproof.report.formats.ctrf import ctrf
from batchproof.report.formats.github import annotations, step_summary

__all__ = ["annotations", "attestation", "badge", "comment", "ctrf", "step_summary"]
