"""A value that must not be written down. It prints as its name; `reveal()` is the only way to the text."""

from __future__ import annotations

from typing import Any


class Secret:
    """A named secret. Equality is by value, so that a changed secret is a changed configuration."""

    __slots__ = ("_value", "name")

    def __init__(self, name: str, value: str) -> None:
        self.name = name
        self._value = value

    def reveal(self) -> str:
        """The text itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return f"<secret {self.name}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> Any:
        raise TypeError(f"{self!r} is not serialised")


def reveal(value: str | Secret) -> str:
    """The text of a value that may be a secret."""
    return value.reveal() if isinstance(value, Secret) else value


def display(value: object) -> str:
    """A value as it may be shown: a secret by its name only."""
    return repr(value) if isinstance(value, Secret) else str(value)
