"""`/deal note`, `/deal set` and `/deal assign`"""

from datetime import date

import pytest
from moneyed import Money

from bot.actions.entries import FieldsRefused
from bot.commands import answer
from bot.errors import worded
from bot.faults import ChangeMissing, WordsMissing
from models.activity import ActivityKind
from models.errors import DealNotFound, FieldUnknown, MemberNotFound, TextMissing, TextTooLong
from models.member import Role
from models.members import Profile
from models.moving_errors import WonByAnother, WonByNobody
from models.reading_errors import AmountNotUnderstood, DateNotUnderstood
from tests.bot.actions.test_actions import seen, submit
from tests.bot.conftest import Desk
from tests.bot.reading import words_in


@pytest.mark.parametrize(
    "line",
    [
        "/deal note Acme Corp: called them",
        "/deal note Acme Corp called them",
        "/deal note acme called them",
        "/deal note acme, called them",
        '/deal note "Acme Corp" called them',
        "/deal 备注 Acme：called them",
    ],
)
def test_a_note_is_told_from_the_name_before_it(desk: Desk, line: str) -> None:
    desk.team.adds("Acme Corp")

    reply = desk.types(line)

    (noted,) = desk.deal("Acme Corp").activities
    assert (noted.kind, noted.text, noted.by) == (ActivityKind.NOTE, "called them", desk.team.ann)
    assert "Note: called them (Ann" in words_in(reply)


def test_a_note_may_have_colons_of_its_own(desk: Desk) -> None:
    desk.team.adds("Acme")

    desk.types("/deal note Acme: they said: no")

    assert desk.deal("Acme").activities[-1].text == "they said: no"


@pytest.mark.parametrize("text", ["they asked re: pricing", "next step: send offer", "客户说：太贵"])
def test_a_colon_may_be_part_of_what_happened_behind_a_whole_name(desk: Desk, text: str) -> None:
    desk.team.adds("Acme")
    desk.team.adds("Globex Corp")

    desk.types(f"/deal note Acme {text}")

    assert desk.deal("Acme").activities[-1].text == text
    with pytest.raises(DealNotFound):
        desk.types("/deal note Globex Beta: hello")


@pytest.mark.parametrize("kind", [ActivityKind.CALL, ActivityKind.EMAIL, ActivityKind.MEETING])
def test_calls_emails_and_meetings_are_noted_as_such(desk: Desk, kind: ActivityKind) -> None:
    desk.team.adds("Acme")

    desk.types(f"/deal {kind} Acme about the offer")

    assert desk.deal("Acme").activities[-1].kind is kind


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/deal note Acme", TextMissing),
        ("/deal note Globex called", DealNotFound),
        (f"/deal note Acme {'x' * 3_001}", TextTooLong),
    ],
)
def test_what_is_no_note_is_refused(desk: Desk, line: str, error: type[Exception]) -> None:
    desk.team.adds("Acme")

    with pytest.raises(error):
        desk.types(line)


@pytest.mark.parametrize(
    "line", ["/deal set Acme amount 15k", "/deal set acme Amount: 15k USD", "/deal set Acme amount to 15k"]
)
def test_an_amount_is_set(desk: Desk, line: str) -> None:
    desk.team.adds("Acme", money=Money(12_000, "USD"))

    reply = desk.types(line)

    assert desk.deal("Acme").money == Money(15_000, "USD")
    assert reply.text == "*Acme*: amount saved."


def test_every_field_is_set_and_cleared(desk: Desk) -> None:
    desk.team.adds("Acme")
    desk.types("/funnel set field Industry")

    for change in (
        "close date 1 April",
        "next step call Ann by friday",
        "company Globex",
        "contact Joe",
        "source fair",
        "industry Retail",
        "owner bob",
        "name Acme Two",
    ):
        desk.types(f"/deal set Acme {change}")
    deal = desk.deal("Acme Two")

    assert (deal.close_date, deal.company, deal.contact, deal.source) == (date(2026, 4, 1), "Globex", "Joe", "fair")
    assert deal.next_step is not None
    assert (deal.next_step.text, deal.next_step.due) == ("call Ann", date(2026, 3, 6))
    assert (deal.custom, deal.owner) == ({"Industry": "Retail"}, desk.team.bob)

    for field in ("close date", "next step", "company", "contact", "source", "Industry", "owner", "amount"):
        desk.types(f"/deal set Acme {field} none")
    deal = desk.deal("Acme Two")

    assert (deal.close_date, deal.next_step, deal.company, deal.contact, deal.source) == (None, None, "", "", "")
    assert (deal.custom, deal.owner, deal.money) == ({}, None, None)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("", ChangeMissing),
        ("amount", TextMissing),
        ("amount lots", AmountNotUnderstood),
        ("close date someday", DateNotUnderstood),
        ("colour red", FieldUnknown),
        (f"company {'x' * 3_000}", TextTooLong),
        ("owner nobody-here", MemberNotFound),
    ],
)
def test_what_cannot_be_set_is_refused_and_nothing_changes(desk: Desk, change: str, error: type[Exception]) -> None:
    desk.team.adds("Acme", money=Money(12_000, "USD"))

    with pytest.raises(error):
        desk.types(f"/deal set Acme {change}")

    assert desk.deal("Acme").money == Money(12_000, "USD")


@pytest.mark.parametrize("line", [f"/deal assign Acme {whom}" for whom in ("to @bob", "Bob", "<@UBOB|bob>")])
def test_a_deal_is_assigned(desk: Desk, line: str) -> None:
    desk.team.adds("Acme")

    reply = desk.types(line)

    assert desk.deal("Acme").owner is desk.team.bob
    assert reply.text == "Bob now owns *Acme*."


def test_a_deal_is_assigned_to_somebody_new_to_me_and_to_nobody(desk: Desk) -> None:
    desk.team.adds("Acme", owner=desk.team.bob)

    answer("/deal", "assign Acme to <@UCLEO>", desk.turn(UCLEO=Profile("UCLEO", "Cleo")))
    to_cleo = desk.deal("Acme").owner
    desk.types("/deal assign Acme to me")
    to_me = desk.deal("Acme").owner
    desk.types("/deal assign Acme to none")

    assert to_cleo is not None
    assert (to_cleo.name, to_me, desk.deal("Acme").owner) == ("Cleo", desk.team.ann, None)
    with pytest.raises(WordsMissing):
        desk.types("/deal assign Acme")


def test_a_deal_that_is_or_was_won_is_given_away_by_its_owner_and_managers_alone(desk: Desk) -> None:
    ann, bob = desk.team.ann, desk.team.bob
    deal = desk.team.adds("Acme", owner=bob)
    ann.role = Role.REP
    desk.types("/deal assign Acme to me")
    desk.types("/deal assign Acme to @bob")
    desk.types("/deal won Acme")

    with pytest.raises(WonByAnother):
        desk.types("/deal assign Acme to me")
    origin = seen(deal).model_copy(update={"revision": desk.team.deals.last_revision_id(deal.id)})
    with pytest.raises(FieldsRefused) as refused:
        submit(desk, "form.edit", origin, owner=str(ann.id))
    assert isinstance(refused.value.faults["owner"], WonByAnother)
    desk.types("/deal undo Acme")
    with pytest.raises(WonByAnother):
        desk.types("/deal assign Acme to me")
    assert deal.owner is bob

    desk.types("/deal assign Acme to @ann", by=bob)
    assert deal.owner is ann

    desk.types("/deal assign Acme none")
    with pytest.raises(WonByNobody) as nobodys:
        desk.types("/deal assign Acme to me", by=bob)
    assert "belongs to nobody" in worded(nobodys.value, desk.turn().say).text
    bob.role = Role.MANAGER
    desk.types("/deal assign Acme to me", by=bob)
    assert deal.owner is bob
    bob.role = Role.MANAGER
    desk.types("/deal assign Acme to me", by=bob)
    assert deal.owner is bob


def test_a_field_of_the_team_may_begin_like_one_of_every_deal(desk: Desk) -> None:
    desk.team.adds("Acme")
    desk.types("/funnel set field Company size")

    desk.types("/deal set Acme company size 50")
    desk.types("/deal set Acme company Globex")

    deal = desk.deal("Acme")
    assert (deal.custom, deal.company) == ({"Company size": "50"}, "Globex")
