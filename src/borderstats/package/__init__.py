"""A release as typed values, shared by all that write or read one."""
