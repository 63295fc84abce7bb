"""What the emulated versions of the Extend API have in common; each version's package holds the rest."""
