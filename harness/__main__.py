"""`python -m harness` is `repro`."""

from harness.cli.main import run

if __name__ == "__main__":
    run()
