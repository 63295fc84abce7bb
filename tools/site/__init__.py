"""The documentation site: hand-written pages, the catalogue of every contract as cards, and what is proved about the suite."""
