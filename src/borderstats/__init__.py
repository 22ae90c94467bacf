"""Official border statistics: published files and records in, checked and versioned releases out."""

from importlib.metadata import version

__version__ = version("borderstats")
