"""The benchmark is a package of the repository, not of the installed harness."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
