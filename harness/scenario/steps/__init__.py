"""The verbs, one file each. A file that is put here is a verb; nothing else has to know it but its performer."""

from importlib import import_module
from pkgutil import iter_modules

from harness.scenario.action import Action, Registry, StepShape


def _verbs() -> dict[str, type[Action]]:
    names = sorted(module.name for module in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    classes = [cls for module in modules for cls in vars(module).values() if isinstance(cls, type) and issubclass(cls, Action)]
    return {cls.verb: cls for cls in classes if cls.verb}


VERBS = _verbs()
REGISTRY = Registry(VERBS, StepShape(VERBS))
