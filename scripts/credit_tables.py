"""Writes src/tallyward/custody/logit_table.py: logarithms and halvings as whole numbers. `--check` only compares.

    python scripts/credit_tables.py [--check]

Computed in decimal with 50 digits and rounded half to even, so that every machine writes the same file.
"""

import sys
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "src" / "tallyward" / "custody" / "logit_table.py"
LOG_BITS, STEPS, WEIGHT_BITS, HALF_LIFE = 20, 256, 30, 180
WIDTH = 120
HEAD = '''"""Logarithms and halvings as whole numbers; a test compares them with scripts/credit_tables.py. Pure data.

`LN[i]`: the natural logarithm of 1 + i/{steps}, times 2**{log}. `WEIGHT[d]`: 2**(-d/{half}), times 2**{weight}: what
something that is d days old still counts.
"""

from typing import Final

LOG_BITS: Final = {log}
STEP_BITS: Final = {step}
WEIGHT_BITS: Final = {weight}
HALF_LIFE: Final = {half}
"""Days after which something counts half."""
'''


def rounded(value: Decimal, bits: int) -> int:
    """A number times 2**bits."""
    return int((value * 2**bits).to_integral_value(ROUND_HALF_EVEN))


def logarithms() -> list[int]:
    """Of 1 to 2 in even steps."""
    return [rounded((1 + Decimal(one) / STEPS).ln(), LOG_BITS) for one in range(STEPS + 1)]


def weights() -> list[int]:
    """By age in days, up to one half-life."""
    return [rounded(Decimal(2) ** (Decimal(-one) / HALF_LIFE), WEIGHT_BITS) for one in range(HALF_LIFE)]


def listed(name: str, values: list[int]) -> str:
    """A tuple in lines of at most WIDTH characters."""
    lines, line = [], "   "
    for value in values:
        if len(line) + len(f" {value},") > WIDTH:
            lines.append(line)
            line = "   "
        line += f" {value},"
    return f"{name}: Final = (\n" + "\n".join([*lines, line]) + "\n)\n"


def text() -> str:
    """The whole module."""
    with localcontext() as context:
        context.prec = 50
        step = STEPS.bit_length() - 1
        head = HEAD.format(steps=STEPS, log=LOG_BITS, step=step, weight=WEIGHT_BITS, half=HALF_LIFE)
        tables = f"{listed('LN', logarithms())}{listed('WEIGHT', weights())}"
        return f"{head}# fmt: off\n{tables}# fmt: on\n"


def main() -> int:
    """Command line."""
    if "--check" in sys.argv[1:]:
        if TABLE.read_text(encoding="utf-8") != text():
            print(f"{TABLE.name} is not what this script writes")
            return 1
        return 0
    TABLE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
