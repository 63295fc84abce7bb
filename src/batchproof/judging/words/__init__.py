"""Findings in words: what is broken, and the values that the rule looked at. Nothing here decides what is right."""

from batchproof.judging.words.worded import Worded

__all__ = ["Worded"]
