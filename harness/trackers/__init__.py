"""Takes a verdict with its evidence to where the ticket is: one module a tracker behind one protocol, one small HTTP client."""
