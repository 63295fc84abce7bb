"""Planted defects. Each breaks the one documented statement that it names."""

from . import answers, batch_runs, outputs, runs

__all__ = ["answers", "batch_runs", "outputs", "runs"]
