"""After the sale: answers, renewals and referrals are written down, and `/funnel aftersales` tells of them."""

from datetime import date

import pytest
from moneyed import Money

from bot.errors import worded
from bot.faults import RenewalInThePast, RenewalNotUnderstood, WordsMissing
from bot.reply import Place
from models.aftercare import Satisfaction
from models.deal import Deal
from models.errors import NoAnswer, NotAllowed, ScoreOutOfRange
from models.moving_errors import DealNotWon
from tests.bot.actions.test_actions import click, seen, submit
from tests.bot.conftest import Desk, Office
from tests.bot.reading import words_in
from tests.slack_double import SlackDouble
from tests.slack_double.block_rules import texts_in

TODAY = date(2026, 3, 2)


@pytest.fixture
def acme(desk: Desk) -> Deal:
    desk.team.adds("Acme", owner=desk.team.bob)
    desk.types("/deal won Acme")
    return desk.deal("Acme")


def answers(desk: Desk) -> list[tuple[int, str]]:
    return [(each.score, each.comment) for each in desk.team.session.query(Satisfaction)]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("/deal satisfaction Acme 9 they love it", (9, "they love it")),
        ("/deal satisfaction acme 10/10: fine", (10, "fine")),
        ("/deal 满意度 Acme 0", (0, "")),
        ("/deal satisfaction Acme: 7, fine", (7, "fine")),
        ("/deal satisfaction Acme 8. Fast", (8, "Fast")),
        ("/deal satisfaction Acme 9: 3 complaints", (9, "3 complaints")),
        ("/deal 满意度 Acme 8分", (8, "")),
        ("/deal 满意度 Acme 9/10分", (9, "")),
        ("/deal 满意度 Acme：8 分，不错", (8, "不错")),
        ("/deal 满意度 Acme 8分不错", (8, "不错")),
    ],
)
def test_an_answer_is_written_down(desk: Desk, acme: Deal, line: str, kept: tuple[int, str]) -> None:
    reply = desk.types(line)

    assert answers(desk) == [kept]
    assert f"{acme.name} gives {kept[0]} of 10" in reply.text
    card = words_in(desk.types("/deal show Acme"))
    assert f"Satisfaction: {kept[0]} of 10, Mar 2" in card
    assert kept[1] in card


def test_a_card_tells_no_renewal_of_a_win_that_was_lost_after_all(desk: Desk, acme: Deal) -> None:
    assert "Renews on" in words_in(desk.types(f"/deal renew {acme.name} 2027-03-01"))
    desk.types("/deal reopen Acme")

    assert "Renews on" not in words_in(desk.types("/deal lost Acme because price"))


def test_what_is_no_score_is_told(desk: Desk, acme: Deal) -> None:
    for words, fault in (
        ("11", ScoreOutOfRange),
        ("7,5", ScoreOutOfRange),
        ("7/100", ScoreOutOfRange),
        ("10分钟后再问", ScoreOutOfRange),
        ("9 分钟后打电话", ScoreOutOfRange),
        ("great", ScoreOutOfRange),
        ("", WordsMissing),
    ):
        with pytest.raises(fault):
            desk.types(f"/deal satisfaction {acme.name} {words}")
    assert answers(desk) == []


def test_an_open_deal_has_no_customer_yet(desk: Desk) -> None:
    desk.team.adds("Globex")

    with pytest.raises(DealNotWon):
        desk.types("/deal satisfaction Globex 9")


def test_a_renewal_has_a_day_or_none(desk: Desk, acme: Deal) -> None:
    shown = words_in(desk.types("/deal renew Acme 2027-03-01"))
    assert "Renews on" in shown
    assert "opened on Dec 31, 2026" in shown
    assert "opened on Mar 17, 2026" in words_in(desk.types("/deal renew Acme 2026-04-01"))
    assert "opened in the coming night" in words_in(desk.types("/deal renew Acme 2026-03-02"))
    desk.types("/deal renew Acme 2027-03-01")
    assert str(acme.renews_on) == "2027-03-01"

    with pytest.raises(RenewalInThePast) as past:
        desk.types("/deal renew Acme 2020-01-01")
    with pytest.raises(RenewalNotUnderstood) as unread:
        desk.types("/deal renew Acme sometime")
    assert str(acme.renews_on) == "2027-03-01"
    assert worded(past.value, desk.turn().say).text.startswith("Jan 1, 2020 is over, so no customer renews on it.")
    assert "`/deal renew Acme none` takes the day off" in worded(unread.value, desk.turn().say).text

    desk.types("/deal renew Acme none")
    assert acme.renews_on is None
    desk.types("/deal renew Acme 2027-03-01")
    desk.types("/deal renew Acme never")
    assert acme.renews_on is None


def test_an_answer_that_was_a_slip_is_taken_back(desk: Desk, acme: Deal) -> None:
    bob = desk.team.bob
    for score in (9, 1):
        desk.types(f"/deal satisfaction {acme.name} {score}", by=bob)

    reply = desk.types("/deal satisfaction Acme none", by=bob)

    assert (answers(desk), reply.text) == ([(9, "")], "The answer of Acme, 1 of 10, is taken back and counts nowhere.")
    desk.types("/deal satisfaction Acme: none")  # a manager
    assert answers(desk) == []
    with pytest.raises(NoAnswer):
        desk.types("/deal satisfaction Acme none", by=bob)


def test_an_answer_that_a_colleague_wrote_down_is_not_a_rep_s_to_take_back(desk: Desk, acme: Deal) -> None:
    desk.types(f"/deal satisfaction {acme.name} 1")

    with pytest.raises(NotAllowed):
        desk.types("/deal satisfaction Acme none", by=desk.team.bob)

    assert answers(desk) == [(1, "")]


def test_a_referral_is_a_new_deal_that_the_channel_hears_of(desk: Desk, acme: Deal) -> None:
    reply = desk.types("/deal refer Acme: Globex Inc")

    fresh = desk.deal("Globex Inc")
    assert (fresh.referred_by_id, reply.place) == (acme.id, Place.CHANNEL)
    assert "Sent by the customer of *Acme*" in words_in(reply)


def test_a_referral_is_told_as_any_new_deal_is(desk: Desk, acme: Deal) -> None:
    desk.types("/funnel pipeline add Shop from retail")

    desk.types("/deal refer Acme: Globex Inc 12k in Shop close 15 March <@UBOB>")
    desk.types('/deal refer Acme: "Studio 54 200k"')

    fresh, quoted = desk.deal("Globex Inc"), desk.deal("Studio 54 200k")
    assert (fresh.money, fresh.close_date, fresh.owner) == (Money(12_000, "USD"), date(2026, 3, 15), desk.team.bob)
    assert (fresh.pipeline.name, fresh.source, fresh.referred_by_id) == ("Shop", "referral", acme.id)
    assert (quoted.pipeline.name, quoted.amount, quoted.owner) == ("Sales", None, desk.team.ann)
    with pytest.raises(WordsMissing) as missing:
        desk.types("/deal refer Acme: 12k")
    assert missing.value.command == "/deal refer Acme: Acme Corp 12k"


def test_a_team_that_works_in_chinese_reads_the_source_of_a_referral_in_chinese(desk: Desk, acme: Deal) -> None:
    desk.team.workspace.locale = "zh-CN"

    desk.types(f"/deal refer {acme.name}: Globex Inc")

    assert desk.deal("Globex Inc").source == "转介绍"


def test_the_card_of_a_renewal_says_which_deal_it_renews(desk: Desk, acme: Deal) -> None:
    desk.turn().aftercare.renew(acme, TODAY, by=None, at=desk.now)
    (fresh,) = desk.turn().aftercare.open_renewals(TODAY, at=desk.now)

    assert "Renews *Acme*" in words_in(desk.types(f"/deal show {fresh.name}"))


def test_the_card_of_a_customer_has_a_form_for_their_answer(desk: Desk, acme: Deal) -> None:
    assert click(desk, "deal.more", seen(acme), "satisfaction").form is not None

    reply = submit(desk, "form.satisfaction", seen(acme), score="7", comment="so so")

    assert answers(desk) == [(7, "so so")]
    assert reply.place is Place.INSTEAD
    with pytest.raises(ScoreOutOfRange):
        submit(desk, "form.satisfaction", seen(acme), score="", comment="")


def test_a_renewal_is_asked_for_in_a_form(desk: Desk, acme: Deal) -> None:
    assert click(desk, "deal.more", seen(acme), "renewal").form is not None

    with pytest.raises(RenewalNotUnderstood):
        submit(desk, "form.renewal", seen(acme), on="whenever")
    with pytest.raises(RenewalInThePast):
        submit(desk, "form.renewal", seen(acme), on="2026-03-01")
    submit(desk, "form.renewal", seen(acme), on="2027-03-01")
    assert acme.renews_on == date(2027, 3, 1)
    assert "2027-03-01" in str(click(desk, "deal.more", seen(acme), "renewal").form)
    submit(desk, "form.renewal", seen(acme), on="")
    assert acme.renews_on is None


def test_the_report_tells_all_of_it_with_a_picture(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    office.types("/deal won Acme")
    office.types("/deal satisfaction Acme")
    (form,) = slack.views("UANN")
    assert "Acme" in " ".join(texts_in(form.body["blocks"]))
    office.types("/deal renew Acme")
    assert "by which day should they buy again?" in " ".join(texts_in(slack.views("UANN")[-1].body["blocks"]))
    for score in (9, 10, 3, 8):
        office.types(f"/deal satisfaction Acme {score}")
    office.types("/deal refer Acme: Globex Inc")

    office.types("/funnel aftersales this year")

    posts = slack.posts("C1")
    words = "\n".join(text for post in posts for text in texts_in(post.blocks))
    assert "7.5 of 10 from 4 answers" in words
    assert "net promoter score 25 " in words
    assert "of the customers who bought, 0 bought again: 0%, 95% interval 0% to 79%, of 1" in words
    assert "customers sent 1 deal, 0 won by now" in words
    (picture,) = slack.files
    assert "1 answer of 3" in (picture.alt_text or "")
    assert "Bought again: 0 of 1, and Referrals won: 0 of 1" in (picture.alt_text or "")


def test_the_report_is_of_deals_with_some_words_in_their_fields(office: Office, slack: SlackDouble) -> None:
    office.types("/funnel pipeline add Shop from retail")
    office.types("/funnel set field Größe")
    office.types("/deal add Acme")
    office.types("/deal set Acme source Fair")
    office.types("/deal set Acme größe Über 500")
    office.types("/deal won Acme")
    office.types("/deal satisfaction Acme 9")
    office.types("/deal add Globex", user="UBOB")
    office.types("/deal set Globex company Acme", user="UBOB")
    office.types("/deal won Globex", user="UBOB")
    office.types("/deal satisfaction Globex 3", user="UBOB")

    told = {}
    for words in ("for @bob", "pipeline Sales", "pipeline Shop", "source fair", "größe ÜBER 500", "source web"):
        before = len(slack.posts("C1"))
        office.types(f"/funnel aftersales this year {words}")
        told[words] = "\n".join(text for post in slack.posts("C1")[before:] for text in texts_in(post.blocks))

    assert "3 of 10 from 1 answer" in told["for @bob"]
    assert "1 bought again: 100%, 95% interval 21% to 100%, of 1" in told["for @bob"]
    assert "· owner: Bob" in told["for @bob"]
    assert "6 of 10 from 2 answers" in told["pipeline Sales"]
    assert told["pipeline Shop"] == ""
    for words in ("source fair", "größe ÜBER 500"):
        assert "9 of 10 from 1 answer" in told[words]
        assert "0 bought again: 0%" in told[words]
    assert told["source web"] == ""


def test_a_time_without_customers_says_so(office: Office, slack: SlackDouble) -> None:
    office.types("/funnel aftersales last year")

    assert any("no customer was won" in each.text for each in slack.ephemerals("UANN"))


def test_the_report_tells_which_renewals_are_to_come_whatever_time_is_asked_for(
    office: Office, slack: SlackDouble
) -> None:
    for number, name in enumerate(("Acme", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"), start=1):
        office.types(f"/deal add {name}")
        office.types(f"/deal won {name}")
        office.types(f"/deal renew {name} 2026-05-0{number}")
        if number == 1:
            office.types("/funnel aftersales")
            (post,) = [each for each in slack.posts("C1") if "After the sale" in each.text]
            assert "*Renewals to come* until Aug 29, 2026: 1, Acme by May 1, 2026" in "\n".join(texts_in(post.blocks))

    office.types("/funnel aftersales last year")

    (said,) = [each.text for each in slack.ephemerals("UANN") if "no customer was won" in each.text]
    assert "6, first Acme by May 1, 2026, Beta by May 2, 2026, " in said
    assert "Zeta" not in said
