"""The whole fault matrix: runs it, and writes what people read of it."""
