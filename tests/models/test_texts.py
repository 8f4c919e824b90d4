"""What people type is cleaned before it is kept, and names are found by what was meant."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.errors import TextMissing, TextTooLong
from models.texts import KEY_LIMIT, NAME_LIMIT, clean, clean_or_empty, matching, name_key

ANYTHING = st.text(st.characters(codec=None), max_size=60)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Acme \n\t Corp ", "Acme Corp"),
        ("Cafe\u0301", "Café"),
        ("Acme\x00Corp\x07", "Acme Corp"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("Ac\ud800me", "Acme"),
        ("👩\u200d💻 Büro", "👩\u200d💻 Büro"),
        ("شركة النور", "شركة النور"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("北京字节跳动", "北京字节跳动"),
        ("<!channel> & <@U123>", "<!channel> & <@U123>"),
        ("line\u2028separator", "line separator"),
    ],
)
def test_text_is_kept_without_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert clean(typed, field="name", limit=NAME_LIMIT) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\n\x00", "\u200b\ufeff", "\u200d \u200c", "\ud800"])
def test_text_of_which_nothing_can_be_seen_is_missing(typed: str) -> None:
    with pytest.raises(TextMissing):
        clean(typed, field="name", limit=NAME_LIMIT)

    assert clean_or_empty(typed, field="name", limit=NAME_LIMIT) == ""


def test_text_may_be_as_long_as_its_limit_and_no_longer() -> None:
    assert clean("x" * 150, field="name", limit=150) == "x" * 150

    with pytest.raises(TextTooLong) as refused:
        clean("x" * 3000, field="name", limit=150)

    assert refused.value.values == {"field": "name", "limit": 150}


@given(ANYTHING)
def test_clean_text_is_clean(text: str) -> None:
    kept = clean_or_empty(text, field="note", limit=1000)

    assert clean_or_empty(kept, field="note", limit=1000) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert "\x00" not in kept
    kept.encode("utf-8")


@given(ANYTHING)
@example("ﷺ" * 150)
def test_a_key_fits_any_database(text: str) -> None:
    key = name_key(text)

    assert len(key) <= KEY_LIMIT
    assert "\x00" not in key
    key.encode("utf-8")


@given(ANYTHING)
@example("\u0345\u0390")
@example("ẞ")
@example("ﬀ")
def test_a_name_and_its_key_have_the_same_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


@given(ANYTHING)
def test_cleaning_a_name_does_not_change_its_key(text: str) -> None:
    kept = clean_or_empty(text, field="name", limit=1000)

    assert not kept or name_key(kept) == name_key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACME", "acme"),
        ("Ａｃｍｅ", "Acme"),
        ("Straße", "STRASSE"),
        ("  a   b ", "A B"),
        ("Ac\u200bme", "acme"),
        ("Élan", "E\u0301LAN"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


NAMES = ["Acme Corp", "Acme", "Globex", "New Acme", "Initech"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("acme", ["Acme"]),
        ("acm", ["Acme Corp", "Acme", "New Acme"]),
        ("corp", ["Acme Corp"]),
        ("globx", ["Globex"]),
        ("initec", ["Initech"]),
        ("inittech", ["Initech"]),
        ("xyz", []),
        ("abc", []),
        ("", []),
        ("  ", []),
        ("\x00\ud800", []),
        ("%", []),
    ],
)
def test_a_name_is_found_by_itself_its_beginning_or_a_small_misspelling(wanted: str, found: list[str]) -> None:
    assert [NAMES[place] for place in matching(wanted, NAMES)] == found


def test_a_word_of_a_name_may_be_misspelt() -> None:
    assert matching("Initehc", ["Globex", "The great Initech company"]) == [1]


@given(st.lists(ANYTHING, max_size=6), ANYTHING)
def test_matches_are_places_and_each_comes_once(names: list[str], wanted: str) -> None:
    found = matching(wanted, names)

    assert len(set(found)) == len(found)
    assert all(0 <= place < len(names) for place in found)


@given(st.lists(ANYTHING, min_size=1, max_size=6), st.data())
def test_a_name_always_finds_those_that_are_spelt_like_it_and_only_those(names: list[str], data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from(names))
    key = name_key(wanted)

    alike = [place for place, name in enumerate(names) if name_key(name) == key]

    assert matching(wanted, names) == (alike if key else [])
