"""The Home tab, in front of a strict Slack: what needs a person today, their deals page by page, always as of now."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from moneyed import Money
from rich.console import Console
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.home_front import HomeFront
from bot.importing import Source, Wishes, bring_in
from bot.schedules.clockwork import HOMES_A_TICK, Clockwork
from models.activity import ActivityKind
from models.deal import Deal
from models.history import Via
from models.member import Role
from models.members import Profile
from models.score import Estimate, Scores
from tests.bot.conftest import TEAM_ID, Office
from tests.factories import MONDAY, Team, a_team, days
from tests.slack_double import SlackDouble, View
from tests.slack_double.block_rules import elements_of, texts_in


def open_home(office: Office, user: str = "UANN") -> View:
    office.clock.passes(60)
    office.slack.deliver(office.slack.open_home(user))
    return seen(office, user)


def seen(office: Office, user: str = "UANN") -> View:
    home = office.slack.home(user)
    assert home is not None
    assert office.slack.refused == []
    return home


def words(office: Office, user: str = "UANN") -> str:
    return "\n".join(texts_in(seen(office, user).blocks))


def press(office: Office, action_id: str, value: object = None, *, user: str = "UANN") -> None:
    office.clock.passes(60)
    office.slack.deliver(office.slack.click(seen(office, user), action_id, user=user, value=value))


def listed(office: Office, user: str = "UANN") -> list[str]:
    """The deals that the list shows, by the words that stand in bold."""
    blocks = seen(office, user).blocks
    begin = next(place for place, block in enumerate(blocks) if block.get("block_id") == "home-filters")
    rows = [block for block in blocks[begin:] if (block.get("accessory") or {}).get("action_id") == "deal.show"]
    return [block["text"]["text"].split("*")[1] for block in rows]


def offered(office: Office) -> set[str]:
    return {str(element.get("action_id")) for block in seen(office).blocks for element in elements_of(block)}


def value_of(office: Office, action_id: str, text: str) -> str:
    """What the menu's option of that text carries."""
    menus = [each for block in seen(office).blocks for each in elements_of(block) if each.get("action_id") == action_id]
    return next(str(each["value"]) for each in menus[0]["options"] if text in each["text"]["text"])


def ticks(office: Office) -> list[str]:
    """What the buttons carry that say that something is done, from above."""
    found = [each for block in seen(office).blocks for each in elements_of(block)]
    return [str(each["value"]) for each in found if each.get("action_id") == "home.tick"]


@pytest.fixture
def many(office: Office) -> Office:
    """Ann has forty open deals, every fourth of which is in the second stage."""
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        for number in range(40):
            stage = team.pipeline.stages[1 if number % 4 == 0 else 0].name
            team.adds(f"Deal {number:02}", owner=team.ann, stage=stage, money=Money(1_000, "USD"))
    open_home(office)
    return office


def comes_by(office: Office) -> None:
    """The clock of the bot ticks."""
    office.clock.passes(20)
    home = HomeFront(office.client, office.services)
    Clockwork([office.client], replace(office.services, changed=home.refresh), sleep=lambda _: None).tick()


def prepare(office: Office, name: str, owner: str = "ann") -> None:
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        team.adds(name, owner=getattr(team, owner), money=Money(12_000, "USD"))


# What is on it


def test_it_tells_the_pipeline_by_stage_with_amounts(many: Office) -> None:
    told = words(many)

    assert "40 open deals by stage" in told
    assert "*Lead identified*: 30 deals · $30K" in told
    assert "*First contact*: 10 deals · $10K" in told


def test_pages_hold_every_deal_once(many: Office) -> None:
    first = listed(many)
    press(many, "home.next")
    second = listed(many)
    press(many, "home.next")
    third = listed(many)

    assert "31 to 40 of 40" in words(many)
    assert len({*first, *second, *third}) == len([*first, *second, *third]) == 40
    assert "home.next" not in offered(many)
    press(many, "home.previous")
    assert listed(many) == second


def test_a_stage_or_words_narrow_the_list_and_all_can_be_shown_again(many: Office) -> None:
    press(many, "home.next")
    press(many, "home.stage", value_of(many, "home.stage", "First contact"))
    assert "1 to 10 of 10" in words(many)

    press(many, "home.search", "deal 1")
    assert sorted(listed(many)) == ["Deal 12", "Deal 16"]

    press(many, "home.search", "nothing like it")
    assert "None of your open deals fits." in words(many)

    press(many, "home.clear")
    assert "1 to 15 of 40" in words(many)
    assert "home.clear" not in offered(many)


def test_a_band_narrows_the_list_to_deals_of_that_chance(many: Office) -> None:
    with many.database.begin() as session:
        team = a_team(session, TEAM_ID)
        known = {team.deals.named("Deal 03").id: 0.9, team.deals.named("Deal 04").id: 0.01}
        estimates = {deal_id: Estimate(chance, 30, 1, 100, won=chance) for deal_id, chance in known.items()}
        Scores(session, team.workspace).keep(estimates, at=many.clock())

    press(many, "home.band", "hot")
    assert listed(many) == ["Deal 03"]
    press(many, "home.band", "cold")
    assert listed(many) == ["Deal 04"]


def test_several_pipelines_have_a_menu_and_only_their_stages(office: Office) -> None:
    office.types("/deal add Acme")
    office.types("/funnel pipeline add Retail stages Basket, Paid:won")
    office.types("/deal add Globex in Retail")
    open_home(office)

    press(office, "home.pipeline", value_of(office, "home.pipeline", "Retail"))

    assert listed(office) == ["Globex"]
    menus = [each for block in seen(office).blocks for each in elements_of(block)]
    stages = next(each for each in menus if each.get("action_id") == "home.stage")
    assert [each["text"]["text"] for each in stages["options"]] == ["Every stage", "Basket"]


# What needs the person


def moved(team: Team, deal: Deal, office: Office, *chances: float) -> None:
    """Said a week ago, and now."""
    for chance, ago in zip(chances, (days(7), timedelta()), strict=True):
        estimate = Estimate(chance, 30, 1, 100, won=chance)
        Scores(team.session, team.workspace).keep({deal.id: estimate}, at=office.clock() - ago)


def test_what_is_due_late_stalled_closing_or_moved_is_named_with_its_cause(office: Office) -> None:
    office.clock.time = MONDAY + days(60)
    today = office.clock().date()
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        named = {
            name: team.adds(name, owner=team.ann, at=office.clock() - days(10 if name != "Stalled" else 60))
            for name in ("Due", "Late", "Stalled", "Closing", "Moved", "Calm")
        }
        for name, deal in named.items():
            for task in deal.to_do:  # the playbook's
                task.done_at = office.clock()
            if name != "Stalled":
                deal.log(ActivityKind.CALL, "Called", by=team.ann, at=office.clock() - days(9))
                deal.entered_stage_at = office.clock() - days(9)
        named["Due"].plan("Call Ann", due=today, by=team.ann, at=office.clock() - days(3))
        named["Late"].close_date = today - days(1)
        named["Closing"].close_date = today + days(3)
        for name in ("Late", "Closing", "Moved", "Calm"):
            named[name].last_activity_at = office.clock() - days(8)
        moved(team, named["Moved"], office, 0.2, 0.5)
        moved(team, named["Calm"], office, 0.2, 0.21)

    open_home(office)
    told = words(office).partition("Your open deals")[0]

    assert "☐ Call Ann · by" in told
    assert "Should have closed on" in told
    assert "Has gone quiet" in told
    assert "To close on" in told
    assert "Its chance is up by 30 points in a week" in told
    assert "*Stalled*" in told.partition("*Due*")[2]
    assert "*Calm*" not in told


def test_a_next_step_is_ticked_and_gone(office: Office) -> None:
    office.types("/deal add Acme")
    office.types("/deal set Acme next step Send the offer by Friday")
    open_home(office)
    assert "*Acme* ☐ Send the offer" in words(office)

    press(office, "home.tick", ticks(office)[-1])

    assert "Send the offer" not in words(office)
    with office.database.begin() as session:
        assert a_team(session, TEAM_ID).deals.named("Acme").next_step is None


def test_what_a_playbook_asks_for_is_to_be_done_and_ticked_one_by_one(office: Office) -> None:
    office.types('/funnel stage Proposal task "Call the boss" in 0 days')
    office.types('/funnel stage Proposal task "Book a room"')
    office.types("/deal add Acme")
    office.types("/deal move Acme to Proposal")
    office.types("/deal set Acme next step Wait")
    open_home(office)
    due, _, later = words(office).partition("To do\n")
    assert "☐ Call the boss · by" in due
    assert "Call the boss" not in later

    press(office, "home.tick", ticks(office)[0])

    assert "Call the boss" not in words(office)
    assert "*Acme* ☐ Book a room" in words(office)
    assert "*Acme* ☐ Wait" in words(office)
    assert "Find out who decides" not in words(office)  # what is left from an earlier stage


def test_a_step_that_was_set_anew_meanwhile_is_not_ticked_with_the_old_one(office: Office) -> None:
    office.types("/deal add Acme")
    office.types("/deal set Acme next step Send the offer by Friday")
    stale = open_home(office)
    tick = office.slack.click(stale, "home.tick", user="UANN", value=ticks(office)[-1])
    office.types("/deal set Acme next step Call back by Monday")

    office.slack.deliver(tick)

    assert "*Acme* ☐ Call back" in words(office)


def stalled_acme(office: Office) -> None:
    prepare(office, "Acme")
    office.clock.time = MONDAY + days(60)
    open_home(office)


def test_a_deal_that_is_advanced_from_home_is_told_above_and_waits_no_more(office: Office) -> None:
    stalled_acme(office)

    press(office, "deal.advance")

    assert office.stage_of("Acme") == "First contact"
    assert "Ann moved *Acme* to *First contact*" in words(office)
    assert "Nothing needs you today." in words(office)


def test_a_snoozed_deal_does_not_wait_today(office: Office) -> None:
    stalled_acme(office)
    menu = next(
        each for block in seen(office).blocks for each in elements_of(block) if each.get("action_id") == "deal.snooze"
    )

    press(office, "deal.snooze", menu["options"][0]["value"])

    assert "Nothing needs you today." in words(office)


def test_forms_open_from_home_and_home_shows_what_they_did(office: Office) -> None:
    stalled_acme(office)
    press(office, "deal.lost")

    office.slack.deliver(office.slack.submit(office.slack.views("UANN")[-1], user="UANN", values={"reason": "price"}))

    assert office.stage_of("Acme") == "Lost"
    assert words(office).startswith("Ann marked *Acme* as lost: price")
    assert "*Acme*" not in words(office).partition("\n")[2]
    assert office.slack.direct_messages("UANN") == []


def test_a_card_opens_over_home(office: Office) -> None:
    stalled_acme(office)
    press(office, "home.search", "nothing like it")  # so that it stands once, above

    press(office, "deal.show")

    assert "$12,000" in str(office.slack.views("UANN")[-1].blocks)


def test_a_card_over_home_has_all_that_a_card_has(office: Office, slack: SlackDouble) -> None:
    stalled_acme(office)
    press(office, "home.search", "nothing like it")
    press(office, "deal.show")
    (card,) = slack.views("UANN")

    slack.deliver(slack.click(card, "deal.advance", user="UANN"))
    (card,) = slack.views("UANN")
    assert "Ann moved *Acme* to *First contact*" in str(card.blocks)
    (menu,) = [each for block in card.blocks for each in elements_of(block) if each.get("action_id") == "deal.more"]
    slack.deliver(slack.click(card, "deal.more", user="UANN", value=menu["options"][0]["value"]))
    (_, form) = slack.views("UANN")
    slack.deliver(slack.submit(form, user="UANN", values={"amount": "15k"}))

    assert slack.views("UANN") == []
    assert slack.refused == []
    assert "$15K" in words(office)


def test_a_card_that_is_long_in_coming_has_a_view_that_stands_for_it(office: Office, slack: SlackDouble) -> None:
    stalled_acme(office)
    press(office, "home.search", "nothing like it")
    with ThreadPoolExecutor(1) as elsewhere:
        with office.database.begin() as session:
            a_team(session, TEAM_ID).workspace.horizon_days = 31
            session.flush()
            clicked = elsewhere.submit(press, office, "deal.show")
            slack.wait_for(lambda: slack.views("UANN"))
            (waiting,) = slack.views("UANN")
            assert "Looking up" in str(waiting.blocks)
        clicked.result()

    (card,) = slack.views("UANN")
    assert card.id == waiting.id
    assert "$12,000" in str(card.blocks)


def test_a_choice_that_fails_is_told_with_a_reference(
    many: Office, slack: SlackDouble, caplog: pytest.LogCaptureFixture
) -> None:
    chosen = slack.click(seen(many), "home.stage", user="UANN", value="0")
    chosen["actions"][0]["selected_option"]["value"] = "no number"

    slack.deliver(chosen)

    told = words(many).split("`")[1]
    assert f"reference {told}" in caplog.text


def test_who_clicked_too_late_for_a_card_is_told_to_click_again(office: Office, slack: SlackDouble) -> None:
    stalled_acme(office)
    press(office, "home.search", "nothing like it")
    slack.fail_next("views.open", error="expired_trigger_id")

    press(office, "deal.show")

    assert "Please try again." in str(slack.home("UANN"))


def test_a_click_on_what_a_colleague_moved_tells_who_moved_it(office: Office) -> None:
    stalled_acme(office)
    late = office.slack.click(seen(office), "deal.advance", user="UANN")
    office.types("/deal advance Acme", user="UBOB")

    office.clock.passes(60)
    office.slack.deliver(late)

    assert "Bob moved *Acme* to *First contact*" in words(office)


def test_a_win_from_home_is_not_lost_though_no_channel_hears_of_it(office: Office) -> None:
    prepare(office, "Acme")
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        last = team.pipeline.won.name
        before = [stage for stage in team.pipeline.stages if stage.is_open][-1]
        team.deals.named("Acme").move(before, by=team.ann, at=MONDAY, via=Via.COMMAND)
    office.clock.time = MONDAY + days(60)
    open_home(office)

    press(office, "deal.advance")

    assert office.stage_of("Acme") == last


# Always as of now


def test_home_changes_with_a_command_of_a_colleague_on_one_s_deals(office: Office) -> None:
    prepare(office, "Acme")
    open_home(office)

    office.types("/deal move Acme to First contact", user="UBOB")

    assert "*First contact*: 1 deal" in words(office)


def test_home_changes_for_who_gave_a_deal_away_and_who_got_it(office: Office) -> None:
    prepare(office, "Acme")
    open_home(office)
    open_home(office, "UBOB")

    office.types("/deal assign Acme to Bob")

    assert "*Acme*" in words(office, "UBOB")
    assert "*Acme*" not in words(office)


def test_home_changes_with_a_win_of_a_colleague_and_with_the_work_of_the_night(office: Office) -> None:
    office.types("/deal add Acme 12k USD", user="UBOB")
    office.types("/deal add Globex 5k USD")
    office.types("/funnel target won 100k a month")
    open_home(office)
    comes_by(office)

    office.types("/deal won Acme", user="UBOB")
    comes_by(office)
    assert "$12K of $100K" in words(office)

    office.types("/deal won Globex")
    office.types("/deal renew Globex 2026-03-04")
    assert "*Globex 2026-03*" not in words(office)
    office.clock.time += days(1)
    comes_by(office)
    comes_by(office)
    assert "*Globex 2026-03*" in words(office)


def test_home_changes_with_what_another_process_imports(office: Office, tmp_path: Path) -> None:
    open_home(office)
    file = tmp_path / "deals.csv"
    file.write_text("name,stage,owner\nInitech,Lead identified,Ann\n")

    source = Source("deals", file, tmp_path / "rejects.csv")
    bring_in(office.database, TEAM_ID, source, Wishes(), at=office.clock(), console=Console(quiet=True))
    comes_by(office)

    assert "Initech" in listed(office)


def test_a_home_that_slack_is_too_busy_to_take_is_drawn_at_another_tick(office: Office, slack: SlackDouble) -> None:
    open_home(office)
    slack.fail_next("views.publish", error="ratelimited", retry_after=1)
    office.types("/deal add Umbrella")
    assert "Umbrella" not in str(slack.home("UANN"))

    comes_by(office)

    assert "Umbrella" in str(slack.home("UANN"))


def test_so_many_homes_are_drawn_at_a_tick_and_the_others_at_the_next(office: Office, slack: SlackDouble) -> None:
    for number in range(HOMES_A_TICK + 1):
        slack.add_user(f"U{number}", name=f"rep{number}", real_name=f"Rep {number}", tz="UTC")
        open_home(office, f"U{number}")
    office.types("/funnel target won 1k a month")

    comes_by(office)
    told = sum("$1K" in words(office, f"U{number}") for number in range(HOMES_A_TICK + 1))
    comes_by(office)

    assert told == HOMES_A_TICK
    assert all("$1K" in words(office, f"U{number}") for number in range(HOMES_A_TICK + 1))


class SlowClient(WebClient):
    """Lets something happen while the first Home tab is on its way to Slack."""

    meanwhile: Callable[[], object] | None = None

    def views_publish(self, **view: Any) -> SlackResponse:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        return super().views_publish(**view)


def test_what_changes_while_a_home_tab_is_on_its_way_is_shown_last(office: Office, slack: SlackDouble) -> None:
    open_home(office)
    client = SlowClient(slack.bot_token, base_url=slack.api_url)
    front = HomeFront(client, office.services)
    with ThreadPoolExecutor(1) as other:

        def add_a_deal() -> None:
            with office.database.begin() as session:
                team = a_team(session, TEAM_ID)
                team.adds("Acme", owner=team.ann)
            drawn = other.submit(front.tell, TEAM_ID, "UANN")
            wait([drawn], timeout=0.5)  # it has to wait for the first one

        client.meanwhile = add_a_deal
        front.tell(TEAM_ID, "UANN")

    assert listed(office) == ["Acme"]


def test_what_was_chosen_stays_when_home_changes_by_itself(many: Office) -> None:
    press(many, "home.search", "deal 1")

    many.types("/deal add Deal 1x")

    assert "Deal 1x" in listed(many)
    assert len(listed(many)) == 11


def test_nobody_gets_a_home_tab_drawn_who_never_looked(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")

    assert slack.home("UANN") is None


def test_a_command_that_changes_nothing_draws_nothing(many: Office) -> None:
    before = seen(many).hash

    many.types("/deal list")

    assert seen(many).hash == before


def test_home_speaks_the_reader_s_language(office: Office, slack: SlackDouble) -> None:
    slack.add_user("ULI", name="li", real_name="Li", tz="Asia/Shanghai", locale="zh-CN")
    open_home(office, "ULI")

    assert "今天需要你处理" in words(office, "ULI")


def test_a_day_of_the_close_date_is_the_reader_s(office: Office) -> None:
    prepare(office, "Acme")
    with office.database.begin() as session:
        a_team(session, TEAM_ID).deals.named("Acme").close_date = date(2026, 3, 2)
    open_home(office)

    assert "To close on Mar 2, 2026" in words(office)


# How a new team begins


def test_a_new_team_is_led_through_three_steps_until_all_are_done(office: Office) -> None:
    open_home(office)
    assert "Three steps to begin" in words(office)
    assert "You are Ann, admin." in words(office)

    press(office, "home.introduced")
    assert "I know who you are." in words(office)

    press(office, "home.digest", "C1")
    assert "A channel gets the digest." in words(office)

    office.clock.passes(60)
    add = next(e for b in seen(office).blocks for e in elements_of(b) if e.get("action_id") == "deal.add")
    assert add["text"]["text"] == "Add a deal"
    office.types("/deal add Acme")

    assert "Three steps to begin" not in words(office)


def test_who_reports_to_whom_is_said_on_home_once_and_then_left_to_managers(office: Office) -> None:
    open_home(office)
    open_home(office, "UBOB")

    press(office, "home.manager", "UANN", user="UBOB")
    assert "I know who you are." in words(office, "UBOB")

    with office.database.begin() as session:
        bob = a_team(session, TEAM_ID).bob
        assert bob.manager is not None
        assert bob.manager.name == "Ann"


def test_the_last_admin_stays_one_and_hears_why(office: Office) -> None:
    open_home(office)

    press(office, "home.role", "rep")

    assert "is the last admin" in words(office)


def test_nobody_reports_to_themselves(office: Office) -> None:
    open_home(office)

    press(office, "home.manager", "UANN")

    assert "You are Ann, admin." in words(office)


def test_a_deal_is_added_from_home(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    open_home(office)

    press(office, "deal.add")
    office.slack.deliver(slack.submit(slack.views("UANN")[-1], user="UANN", values={"name": "Globex"}))

    assert "*Globex*" in words(office)


# For managers


def manage(office: Office) -> None:
    """Ann, an admin, and Bob, a manager of Cem, each have an open deal of their own; Cem has won one this month."""
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        cem = team.members.seen(Profile("UCEM", "Cem"), at=MONDAY)
        cem.report_to(team.bob)
        team.bob.role = Role.MANAGER
        open_deal = team.adds("Acme", owner=cem, money=Money(10_000, "USD"))
        team.adds("Umbrella", owner=team.ann, money=Money(7_000, "USD"))
        team.adds("Globex", owner=cem, money=Money(3_000, "USD")).win(by=cem, at=MONDAY, via=Via.COMMAND)
        estimate = Estimate(0.5, 30, 1, 100, won=0.25)
        Scores(session, team.workspace).keep({open_deal.id: estimate}, at=MONDAY)


def test_a_manager_sees_only_who_reports_to_them(office: Office) -> None:
    manage(office)
    open_home(office, "UBOB")

    press(office, "home.team", user="UBOB")

    assert "*Cem*: 1 open, $10K · weighted $2.5K · 0 stalled · 1 won this month, $3K" in words(office, "UBOB")
    assert "*Ann*" not in words(office, "UBOB")


def test_an_admin_sees_everybody_and_comes_back_to_their_own(office: Office) -> None:
    manage(office)
    open_home(office)
    press(office, "home.team")
    assert "*Ann*: 1 open, $7K" in words(office)
    assert "*Cem*: 1 open, $10K" in words(office)

    press(office, "home.mine")

    assert listed(office) == ["Umbrella"]


def test_a_rep_has_no_team_tab_even_with_an_old_button(office: Office) -> None:
    manage(office)
    open_home(office, "UBOB")
    stale = office.slack.click(seen(office, "UBOB"), "home.team", user="UBOB")
    with office.database.begin() as session:
        a_team(session, TEAM_ID).bob.role = Role.REP

    office.slack.deliver(stale)

    assert "*Cem*" not in words(office, "UBOB")
    assert "home.team" not in str(seen(office, "UBOB").blocks)


def test_settings_are_changed_by_buttons(office: Office) -> None:
    open_home(office)
    press(office, "home.settings")

    press(office, "home.leaderboard", "off")
    press(office, "home.horizon", "60")

    with office.database.begin() as session:
        workspace = a_team(session, TEAM_ID).workspace
        assert (workspace.leaderboard, workspace.horizon_days) == (False, 60)
    assert "Turn the leaderboard on" in words(office)


def test_a_stalled_deal_is_counted_with_its_owner(office: Office) -> None:
    manage(office)
    office.clock.time = MONDAY + days(60)
    open_home(office, "UBOB")

    press(office, "home.team", user="UBOB")

    assert "1 stalled · 0 won this month, $0" in words(office, "UBOB")
