"""Planted defects. Each breaks the one documented statement that it names."""

from . import answers, batches, operations

__all__ = ["answers", "batches", "operations"]
