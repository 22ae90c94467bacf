"""The standard: the method as data, read into frozen values and cross-checked."""

from borderstats.standard.load import load
from borderstats.standard.model import TOTAL, UNKNOWN, Standard

__all__ = ["TOTAL", "UNKNOWN", "Standard", "load"]
