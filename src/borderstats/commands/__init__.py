"""The commands that read the standard, take in a file and compare: each turns arguments into one call."""
