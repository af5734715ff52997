"""How fast the harness is beside people's other choices, at equal evidence."""
