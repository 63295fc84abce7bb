"""Commands in modules of their own: each takes its options, calls, prints, and ends with an exit code."""
