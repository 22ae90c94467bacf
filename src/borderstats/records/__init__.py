"""Confidential records: an agency's file becomes staged records, and those become accepted or quarantined ones."""
