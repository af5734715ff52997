"""What one does in a browser becomes a scenario: `repro record`."""
