"""The version. It stands by itself, so that no module imports the package that it is in."""

__version__ = "0.1.0"
