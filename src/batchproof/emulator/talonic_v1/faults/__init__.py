"""Planted defects that no row of `faults.yaml` can say. Each breaks the one documented statement that it names."""

from . import answers, batches, documents, items, lists

__all__ = ["answers", "batches", "documents", "items", "lists"]
