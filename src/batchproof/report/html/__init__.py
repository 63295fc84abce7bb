"""``report.html``: everything that a run came to, in one file that asks for nothing else."""

from batchproof.report.html.page import html_report

__all__ = ["html_report"]
