"""Opens a message as a draft in the person's mail program, by a `mailto:` link (RFC 6068)."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

LONGEST_LINK = 3_000
"""What a button of Slack's holds."""

_ADDRESS = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")


def address_in(contact: str, custom: Mapping[str, Any]) -> str:
    """The first e-mail address that is written down of a contact, in the field for it or in one of the team's own."""
    found = (_ADDRESS.search(str(text)) for text in (contact, *custom.values()))
    return next((match[0] for match in found if match), "")


def name_in(contact: str) -> str:
    """A contact as one addresses them, without the e-mail address beside the name, or that alone."""
    return _ADDRESS.sub("", contact).strip(" <>()[],;:：，；（）\t") or contact


def draft_link(address: str, subject: str, text: str) -> tuple[str, bool]:
    """The link, and whether it has the text too: a longer one than Slack takes has the subject alone."""
    start = f"mailto:{quote(address, safe='@')}?subject={quote(subject[:200], safe='')}"
    whole = f"{start}&body={quote(text.replace(chr(10), chr(13) + chr(10)), safe='')}"
    return (whole, True) if len(whole) <= LONGEST_LINK else (start, False)
