"""The standard: the method as data, read into frozen values and cross-checked."""
