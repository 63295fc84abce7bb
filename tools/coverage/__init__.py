"""How much of the documentation is tested, and where it contradicts itself, as pages."""
