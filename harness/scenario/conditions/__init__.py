"""The checks, one file a kind. A file that is put here is a condition; nothing else has to know it but its observer."""

from importlib import import_module
from pkgutil import iter_modules

from harness.scenario.condition import Check, ConditionShape


def _checks() -> dict[str, type[Check]]:
    names = sorted(module.name for module in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    classes = [cls for module in modules for cls in vars(module).values() if isinstance(cls, type) and issubclass(cls, Check)]
    return {key: cls for cls in classes for key in cls.keys}


CHECKS = _checks()
SHAPE = ConditionShape(CHECKS)
