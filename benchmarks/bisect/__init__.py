"""How often bisecting a configuration is wrong, and what it costs: simulated customers with known causes."""
