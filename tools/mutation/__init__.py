"""Whether the unit tests notice small changes of the judge: counts what mutmut found."""
