"""The report room: what people and programs read. Pure functions of results and history; nothing here sends anything."""

from batchproof.report.curl import curl
from batchproof.report.files import write_reports, write_whole
from batchproof.report.progress import Progress
from batchproof.report.terminal import Detail, print_results

__all__ = ["Detail", "Progress", "curl", "print_results", "write_reports", "write_whole"]
