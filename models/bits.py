"""Several yes-or-no answers in one number: whether any row of a group says yes to each, told by the database."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class any_bit(GenericFunction[int]):
    """An aggregate of numbers that have one bit each, or none: all bits that there are."""

    name = "bit_or"
    type = BigInteger()
    inherit_cache = True


@compiles(any_bit, "sqlite")
def _sum_of_each(function: any_bit, compiler: SQLCompiler, **how: Any) -> str:
    """SQLite has no bit_or; different numbers of one bit each have it as their sum."""
    return f"sum(DISTINCT {compiler.process(function.clauses, **how)})"
