"""The harness for AI agents, over the Model Context Protocol. Only `server` and `serve` know its SDK."""
