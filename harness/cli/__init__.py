"""The command line: one file a command, options declared once, no logic of its own."""
