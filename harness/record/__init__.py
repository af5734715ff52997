"""The versioned run record: what a run leaves on disk and everything that tells people about it reads.

`model` is its shape, `store` reads and writes it, `versions` lifts old ones, `schema` says it as JSON Schema. It knows no report.
"""
