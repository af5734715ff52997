"""What others recorded becomes scenarios and customers: `repro import`."""
