"""`/funnel` and all its verbs"""

from dataclasses import replace
from decimal import Decimal

import pytest
from moneyed import Money

from bot.app import build_app
from bot.commands.funnel_settings import CALLED
from bot.errors import worded
from bot.faults import FieldOfEveryDeal, SettingNotUnderstood, SettingUnknown, TimesNotUnderstood, WordsMissing
from bot.reply import Place
from bot.say import Say
from models.errors import LastAdmin, MemberNotFound, NotAllowed, PipelineNotFound, ReportsToThemselves, ScheduleNotFound
from models.history import Via
from models.member import Role
from models.reading_errors import CurrencyUnknown
from models.schedule import ScheduleKind
from tests.bot.conftest import BERLIN, TEAM_ID, Busy, Desk, Office
from tests.bot.reading import words_in
from tests.factories import a_team, days
from tests.slack_double import SlackDouble


def test_the_funnel_is_shown_in_words_and_as_a_picture(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Proposal", money=Money(12_000, "USD"))
    desk.team.adds("Beta", stage="Proposal")

    reply = desk.types("/funnel")

    assert reply.place is Place.CHANNEL
    assert reply.text == "Sales: 2 deals, $12K open"
    assert "*Proposal*: 2 deals, $12K" in words_in(reply)
    assert "2 new" in words_in(reply)
    assert reply.picture is not None
    assert reply.picture.draw().startswith(b"\x89PNG")
    assert "Proposal 2 deals" in reply.picture.alt


def test_what_changed_in_a_week_is_held_against_the_week_before(desk: Desk) -> None:
    for number, age in enumerate((1, 2, 9, 10, 11, 15)):
        desk.team.adds(f"Deal {number}", at=desk.now - days(age))

    assert "2 new (before: 3)" in words_in(desk.types("/funnel"))


def test_where_a_channel_has_a_digest_it_is_of_the_same_deals_and_since_that_came(desk: Desk) -> None:
    desk.team.adds("Old", owner=desk.team.bob, at=desk.now - days(4))
    desk.team.adds("Before", owner=desk.team.bob, at=desk.now - days(1.5))
    desk.team.adds("Fresh", owner=desk.team.bob, at=desk.now - days(0.5))
    desk.team.adds("Ann's", owner=desk.team.ann, at=desk.now - days(0.5))
    desk.types("/funnel subscribe weekdays 8:30 for bob")
    assert "3 new" in words_in(desk.types("/funnel"))

    digest, told_at = desk.turn().schedules.get(ScheduleKind.DIGEST, "C1"), desk.now - days(1)
    post = desk.turn().deliveries.claim(digest.kind, "C1", "before", at=told_at)
    assert post is not None
    post.settle(channel="C1", ts="1.0", as_of=told_at, at=told_at)

    same = desk.types("/funnel")
    assert same.text == "Sales · Bob: 3 deals open"
    assert "1 new (before: 1)" in words_in(same)
    assert "4 new" in words_in(desk.types("/funnel show sales"))
    digest.pipeline_id = desk.turn().pipeline.id  # named before it became the default
    assert "1 new (before: 1)" in words_in(desk.types("/funnel"))
    digest.pause("is_archived")
    assert "4 new" in words_in(desk.types("/funnel"))


@pytest.mark.parametrize("name", ["Partner pipeline", "大客户管道", "Team North"])
def test_a_pipeline_may_have_a_word_in_its_name_that_means_something_here(desk: Desk, name: str) -> None:
    desk.types(f'/funnel pipeline add "{name}" from retail')

    assert desk.types(f"/funnel show {name}").text.startswith(f"{name}: ")
    assert desk.types(f"/funnel show pipeline {name} for @bob").text.startswith(f"{name} · Bob: ")


def test_a_pipeline_may_be_named(desk: Desk) -> None:
    assert desk.types("/funnel show sales").text == "Sales: 0 deals open"
    with pytest.raises(PipelineNotFound):
        desk.types("/funnel show returns")


def test_it_may_be_of_a_person_or_a_team(desk: Desk) -> None:
    desk.team.adds("Acme", owner=desk.team.ann)
    desk.team.adds("Beta", owner=desk.team.bob)
    desk.team.bob.manager = desk.team.ann

    assert desk.types("/funnel show for bob").text == "Sales · Bob: 1 deal open"
    assert desk.types("/funnel show team ann").text == "Sales · Ann’s team: 2 deals open"
    assert desk.types("/funnel show pipeline Sales for ann").text == "Sales · Ann: 1 deal open"
    with pytest.raises(MemberNotFound):
        desk.types("/funnel show for nobody")


def test_it_says_that_the_usual_pace_is_everybody_s_where_the_deals_are_some_people_s(desk: Desk) -> None:
    desk.team.adds("Acme", owner=desk.team.ann)
    desk.types("/deal won Acme")
    everybodys = "is of everybody's deals in this pipeline"

    assert everybodys in words_in(desk.types("/funnel show for bob"))
    assert everybodys not in words_in(desk.types("/funnel show"))


def test_a_channel_subscribes_at_the_hours_of_the_person_who_says_it(desk: Desk) -> None:
    reply = desk.types("/funnel subscribe weekdays 8:30")

    schedule = desk.turn().schedules.get(ScheduleKind.DIGEST, "C1")
    assert (schedule.local_time, schedule.time_zone, schedule.weekdays) == ("08:30", BERLIN, "mon,tue,wed,thu,fri")
    assert schedule.set_by is desk.team.ann
    assert reply.text.startswith("A digest comes here at 08:30 (Europe/Berlin), Monday to Friday. The next one:")


def test_subscribing_again_changes_the_hour_and_unsubscribing_ends_it(desk: Desk) -> None:
    desk.types("/funnel subscribe daily 9:00")
    desk.types("/funnel subscribe weekdays 10:00")
    listed = words_in(desk.types("/funnel schedules"))
    desk.types("/funnel unsubscribe")

    assert "<#C1>: Monday to Friday at 10:00 (Europe/Berlin)" in listed
    assert desk.types("/funnel schedules").text.startswith("No channel gets a digest yet.")
    with pytest.raises(ScheduleNotFound):
        desk.types("/funnel unsubscribe")
    with pytest.raises(TimesNotUnderstood):
        desk.types("/funnel subscribe whenever")


def test_a_manager_agrees_on_settings(desk: Desk) -> None:
    for words in ("currency eur", "high-value 70k", "zone europe/berlin", "horizon 14 days", "field Industry"):
        desk.types(f"/funnel set {words}")

    workspace = desk.team.workspace
    assert (workspace.currency, workspace.high_value) == ("EUR", Decimal(70_000))
    assert (workspace.time_zone, workspace.horizon_days, workspace.custom_fields) == (BERLIN, 14, ["Industry"])
    shown = words_in(desk.types("/funnel settings"))
    assert "High value: €70,000 and more" in shown
    assert "Own fields: Industry" in shown


def test_the_settings_tell_where_wins_are_told_and_name_the_schedules_only_where_they_stand_there(desk: Desk) -> None:
    told = []
    for line in ("/funnel help", "/funnel subscribe daily 9:00", "/funnel set wins here", "/funnel set wins off"):
        desk.types(line)
        settings, schedules = words_in(desk.types("/funnel settings")), words_in(desk.types("/funnel schedules"))
        wins = next(each for each in settings.splitlines() if each.startswith("Wins:"))
        told.append(wins)
        assert ("`/funnel schedules`" in wins) is ("when a deal is won" in schedules)

    assert told == [
        "Wins: posted to no channel yet; `/funnel set wins here` chooses one, or the first digest does",
        "Wins: posted to <#C1>, where the first digest goes; `/funnel set wins here` chooses another channel",
        "Wins: posted to <#C1>, see `/funnel schedules`",
        "Wins: not posted",
    ]


def test_the_word_that_shows_settings_changes_one_too_and_passes_over_nothing(desk: Desk) -> None:
    desk.types("/funnel settings high-value 10k")

    assert desk.team.workspace.high_value == Decimal(10_000)
    with pytest.raises(SettingUnknown):
        desk.types("/funnel settings of last month")


def test_people_get_managers_and_roles(desk: Desk) -> None:
    desk.types("/funnel set manager @ann for @bob")
    desk.types("/funnel set role @bob manager")

    assert (desk.team.bob.manager, desk.team.bob.role) == (desk.team.ann, Role.MANAGER)
    assert "Bob: manager, reports to Ann" in words_in(desk.types("/funnel settings"))
    desk.types("/funnel set manager none for bob")
    assert desk.team.bob.manager is None


def test_settings_are_changed_in_chinese_by_the_names_that_are_shown_there(desk: Desk) -> None:
    names = (
        *(
            "高价值",
            "升级",
            "预警频道",
            "预警间隔",
            "不提醒比例",
            "货币",
            "汇率",
            "时区",
            "评分天数",
            "字段",
            "输单原因",
        ),
        *("喜报", "排行榜", "上级", "角色", "语言"),
    )
    told = worded(SettingUnknown("颜色"), Say("zh-CN")).text
    for words in (
        *("货币 CNY", "高价值 7万", "高价值：前 10%", "升级 2 5", "评分天数 14天", "字段 行业", "输单原因 价格、时机"),
        *("排行榜 关闭", "预警间隔 3天", "不提醒比例 10%", "上级 @ann 管 @bob", "角色 @bob 销售经理"),
    ):
        desk.types(f"/funnel 设置 {words}", locale="zh-CN")

    workspace = desk.team.workspace
    assert "、".join(names) in told
    assert all(name in CALLED for name in names)
    assert (workspace.currency, workspace.high_value, workspace.high_value_top) == ("CNY", Decimal(70_000), 10)
    assert (workspace.manager_after_days, workspace.channel_after_days, workspace.alert_quiet_days) == (2, 5, 3)
    assert (workspace.horizon_days, workspace.custom_fields, workspace.nudge_holdback) == (14, ["行业"], 10)
    assert (workspace.loss_reasons, workspace.leaderboard) == (["价格", "时机"], False)
    assert (desk.team.bob.manager, desk.team.bob.role) == (desk.team.ann, Role.MANAGER)


def test_only_who_may_change_settings_is_shown_the_button_for_it(desk: Desk) -> None:
    shown = [str(desk.types("/funnel settings", by=by).blocks) for by in (desk.team.ann, desk.team.bob)]

    assert ["settings.change" in blocks for blocks in shown] == [True, False]
    assert "with the button" not in shown[1]


def test_a_rep_changes_no_settings_and_a_manager_no_roles(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.types("/funnel set high-value 1", by=desk.team.bob)
    desk.team.bob.role = Role.MANAGER
    desk.types("/funnel set high-value 1", by=desk.team.bob)
    with pytest.raises(NotAllowed):
        desk.types("/funnel set role bob admin", by=desk.team.bob)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("", WordsMissing),
        ("zone", WordsMissing),
        ("currency", WordsMissing),
        ("field Close Date", FieldOfEveryDeal),
        ("manager ann for me", ReportsToThemselves),
        ("colour red", SettingUnknown),
        ("high-value lots", SettingNotUnderstood),
        ("high-value 5k EUR", SettingNotUnderstood),
        ("currency moon", CurrencyUnknown),
        ("zone Moon/Base", SettingNotUnderstood),
        ("horizon 0", SettingNotUnderstood),
        ("horizon ١٢٣٤٥٦٧", SettingNotUnderstood),
        ("manager ann", SettingNotUnderstood),
        ("manager zoe for bob", MemberNotFound),
        ("role bob boss", SettingNotUnderstood),
        ("role ann rep", LastAdmin),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(desk: Desk, words: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        desk.types(f"/funnel set {words}")


def test_help_names_what_there_is(desk: Desk) -> None:
    first = words_in(desk.types("/funnel help"))

    assert "/funnel subscribe weekly monday 9:00" in first
    assert "/funnel help digests" in first
    assert "/funnel subscribe daily 9:00" in words_in(desk.types("/funnel help Digests"))
    assert "/funnel 订阅 每天 9:00" in words_in(desk.types("/funnel 帮助 简报", locale="zh-CN"))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("wins", "`/funnel set wins here`"),
        ("leaks", "`/funnel leaks last quarter`"),
        ("coaching", "`/funnel coaching`"),
        ("aftersales", "`/funnel aftersales last quarter`"),
        ("喜报", "`/funnel set wins here`"),
        ("digsts", "`/funnel subscribe daily 9:00`"),
        ("frobnication", "no help on *frobnication* by itself"),
    ],
)
def test_help_finds_the_topic_that_tells_of_a_word_or_says_that_there_is_none(
    desk: Desk, asked: str, told: str
) -> None:
    first = str(desk.types(f"/funnel help {asked}").blocks[0])

    assert told in first
    assert ("Most used" in first) is False


def test_what_there_is_to_look_at_follows_how_the_funnel_stands_without_cheers_though_training_takes_minutes(
    office: Office, slack: SlackDouble
) -> None:
    slack.reach_app(build_app(office.client, replace(office.services, heavy=Busy())))
    office.types("/deal add Acme 12k close 2026-03-04")
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        for week in range(3):
            deal = team.adds(f"Deal {week}", owner=team.bob, at=office.clock.time - days(30))
            deal.win(by=team.bob, at=office.clock.time - days(7 * week), via=Via.COMMAND)

    office.types("/funnel show")

    told = slack.wait_for(lambda: [post for post in slack.posts("C1") if "*Sales* today" in post.text])
    assert "Acme" in told[0].text
    assert "in a row" not in "".join(post.text for post in slack.posts("C1"))
    assert slack.refused == []
