"""Evidence mutation: changes one documented thing in the history of a healthy run, and asks whether the judge notices."""
