"""Planted defects. Each breaks the one documented statement that it names."""

from . import answers, batches, fields, operations, wholes

__all__ = ["answers", "batches", "fields", "operations", "wholes"]
