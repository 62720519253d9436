"""Tallyward guards IoT terminals and IoT cards together."""

__version__ = "0.1.0"
