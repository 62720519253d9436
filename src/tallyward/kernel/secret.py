"""A value that can't be shown by accident: printing, logging, copying and pickling give nothing of it.

Python can't wipe memory, so this is no protection from whoever reads the process; it is one from log files.
"""

from typing import Final, Generic, NoReturn, TypeVar

Value = TypeVar("Value")

SHOWN: Final = "<secret>"
"""What is shown in place of any secret, whatever its length."""


class Secret(Generic[Value]):
    """Holds a value; only `reveal` gives it."""

    __slots__ = ("__value",)

    def __init__(self, value: Value) -> None:
        """Hide a value."""
        self.__value = value

    def reveal(self) -> Value:
        """The value itself. Where this is called, somebody means to use it."""
        return self.__value

    def __repr__(self) -> str:
        return SHOWN

    def __format__(self, _: str) -> str:
        return SHOWN

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a secret is not copied, pickled or written")

    __eq__ = None  # type: ignore[assignment]  # a comparison that stops early would tell how much was right
    __hash__ = None  # type: ignore[assignment]
