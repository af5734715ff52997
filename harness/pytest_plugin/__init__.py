"""`pytest scenarios/`: scenario files as pytest items, and a fixture for Python tests that want a scenario's verdict."""
