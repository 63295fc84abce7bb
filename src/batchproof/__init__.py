"""batchproof: contract and conformance tests for document-processing batch APIs."""

__version__ = "0.1.0"
