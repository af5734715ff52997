"""Everything that tells people about a run: HTML, JUnit, Markdown, the terminal's table. Reads records only, so it can be redone from disk.

`write.write_reports` writes the files; `terminal.print_table` prints.
"""
