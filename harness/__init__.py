"""The reproduction harness: a customer's ticket, written as a YAML scenario, becomes a verdict with evidence."""

__version__ = "0.1.0"
