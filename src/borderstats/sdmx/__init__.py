"""A release in SDMX: its structures and its figures, as messages that existing clients read."""
