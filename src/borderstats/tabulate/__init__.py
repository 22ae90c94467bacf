"""Validated records and table specifications to tables."""
