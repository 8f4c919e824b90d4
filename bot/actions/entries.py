"""What is wrong with what was entered in a form, field by field."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.views.blocks import Block
from models.errors import DomainError


class FieldsRefused(Exception):
    """Fields that could not be taken, each with the reason; nothing was changed."""

    def __init__(self, faults: Mapping[str, DomainError]) -> None:
        super().__init__(faults)
        self.faults = faults


class AskAgain(Exception):
    """The form is to be looked at once more, as it is here, before anything is saved."""

    def __init__(self, form: Block) -> None:
        super().__init__(form)
        self.form = form


class Entries:
    """Gathers the faults of a form, so that a person hears at once of all of them."""

    def __init__(self) -> None:
        self._faults: dict[str, DomainError] = {}

    @contextmanager
    def beside(self, field: str) -> Iterator[None]:
        """What goes wrong within is told beside this field."""
        try:
            yield
        except DomainError as fault:
            self._faults[field] = fault

    def refuse_faults(self) -> None:
        """Raises FieldsRefused if there were any."""
        if self._faults:
            raise FieldsRefused(self._faults)
