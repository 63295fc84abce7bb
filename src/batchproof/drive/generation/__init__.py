"""Generated requests: valid ones, invalid ones, and hostile ones. What is right about their answers stands elsewhere."""

from batchproof.drive.generation.by_schemathesis import for_each_query, prepare
from batchproof.drive.generation.generator import AMOUNTS, Generator, plain, small_page

__all__ = ["AMOUNTS", "Generator", "for_each_query", "plain", "prepare", "small_page"]
