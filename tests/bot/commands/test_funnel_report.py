"""`/funnel report` tells what moved in a time, or how far the deals of a time got."""

import re

import pytest

from bot.errors import worded
from bot.faults import OnePipelineAtATime, SettingNotUnderstood
from bot.report_words import EXAMPLE, ReportWanted, report_wanted
from models.deal import DealField
from models.errors import FieldUnknown, MemberNotFound, PipelineNotFound, ValueUnknown
from models.funnel_figures import Dimension
from models.known_deals import Selection
from models.period import Unit
from models.pipeline import stages_from_text
from models.pipelines import Pipelines
from models.reading_errors import PeriodNotUnderstood
from tests.bot.conftest import Desk, Office
from tests.factories import MONDAY
from tests.slack_double import SlackDouble
from tests.slack_double.block_rules import texts_in


def wanted(desk: Desk, words: str) -> ReportWanted:
    return report_wanted(words, desk.turn())


def report_in(slack: SlackDouble, channel: str) -> str:
    """All words of the only report that the channel sees."""
    told = ["\n".join(texts_in(post.blocks)) for post in slack.posts(channel)]
    (report,) = (words for words in told if "*Snapshot*" in words or "*同期群*" in words)
    return report


@pytest.fixture
def fields(desk: Desk) -> Desk:
    """Ann, whom Bob reports to, a second pipeline and a field of their own."""
    desk.team.workspace.add_field("Industry")
    desk.team.workspace.add_field("Deal size")
    desk.team.workspace.add_field("产品名称")
    desk.team.bob.manager = desk.team.ann
    Pipelines(desk.team.session, desk.team.workspace).add("Retail", stages_from_text("Lead,Signed:won"))
    desk.team.session.flush()
    return desk


def test_a_value_that_no_deal_has_is_told_with_those_that_some_have(fields: Desk) -> None:
    for name, industry in (("Acme", "Healthcare"), ("Beta", "Healthcare"), ("Gamma", "Software")):
        deal = fields.team.adds(name)
        deal.set_custom("Industry", industry, by=fields.team.ann, at=MONDAY)
        deal.set_custom("产品名称", "Basic", by=fields.team.ann, at=MONDAY)
        deal.set_custom("产品名称", "Pro", by=fields.team.ann, at=MONDAY)
    fields.team.session.flush()

    with pytest.raises(ValueUnknown) as near:
        wanted(fields, "Industry=Health")
    with pytest.raises(ValueUnknown) as far:
        wanted(fields, "last year product Maximum")

    near_told, far_told = (worded(each.value, fields.turn().say).text for each in (near, far))
    known = "Known, most used first: Healthcare and Software."
    assert near_told == f"I know no Industry *Health*; do you mean *Healthcare*? {known}"
    assert far_told == "I know no 产品名称 *Maximum*. Known, most used first: Pro."
    assert wanted(fields, "Industry=software").selection.custom == (("Industry", "software"),)
    assert wanted(fields, "product Basic").selection.custom == (("产品名称", "Basic"),), "known of before"
    assert wanted(fields, 'source fair "Deal size"=1').selection.source == "fair", "nothing is known of it"


def test_without_words_it_is_the_running_month_of_all_deals(desk: Desk) -> None:
    found = wanted(desk, "")

    assert (found.period.unit, found.period.is_running, found.by_cohort) == (Unit.MONTH, True, False)
    assert (found.selection, found.asked.pipeline, found.asked.only) == (Selection(), "Sales", ())
    assert wanted(desk, "cohort").period.unit is Unit.YEAR


@pytest.mark.parametrize(
    "words",
    [
        "last quarter for @bob pipeline Retail source trade fair Industry=Health cohort",
        "cohorts pipeline retail, source: trade fair, owner: bob, industry = Health last quarter",
        'Retail last quarter source="trade fair" owner=bob Industry="Health" cohort',
        "上季度 管道 Retail 来源 trade fair 负责人 bob Industry＝Health 同期群",
    ],
)
def test_time_people_and_fields_come_in_any_order(fields: Desk, words: str) -> None:
    found = wanted(fields, words)

    assert found.by_cohort
    assert (found.period.unit, found.period.is_running) == (Unit.QUARTER, False)
    assert found.asked.pipeline == "Retail"
    assert found.selection == Selection(
        owner_ids=frozenset([fields.team.bob.id]), source="trade fair", custom=(("Industry", "Health"),)
    )
    assert set(found.asked.only) == {(DealField.OWNER, "Bob"), (DealField.SOURCE, "trade fair"), ("Industry", "Health")}


def test_a_field_called_like_a_word_of_reports_is_meant_before_an_equals_sign_and_in_quotes(fields: Desk) -> None:
    made = fields.types("/funnel set field team").text

    assert "`team=…`" in made
    assert wanted(fields, "team=Red").selection == Selection(custom=(("team", "Red"),))
    assert wanted(fields, 'by "team"').by == "team"
    assert wanted(fields, "by team").by is Dimension.TEAM
    assert wanted(fields, "team ann").selection.custom == ()
    assert "`colour=…`" not in fields.types("/funnel set field colour").text


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ("trend by owner", "by owner"),
        ("forecast this month by source", "by source"),
        ('leaks last quarter by "Deal size"', "by Deal size"),
        ("leaks last quarter cohort", "cohort"),
    ],
)
def test_what_has_no_such_view_says_so_and_how_else_to_ask(fields: Desk, words: str, refused: str) -> None:
    with pytest.raises(SettingNotUnderstood) as fault:
        fields.types(f"/funnel {words}")

    assert fault.value.text == refused
    assert fault.value.example.startswith(f"/funnel {words.split(maxsplit=1)[0]}")


@pytest.mark.parametrize("words", ["leaks by stage and owner", "leaks by owner last quarter", "forecast by stage"])
def test_what_is_told_side_by_side_anyway_can_be_asked_for(fields: Desk, words: str) -> None:
    assert fields.types(f"/funnel {words}").labour


@pytest.mark.parametrize(
    ("words", "custom"),
    [
        ("Industry Soft ware last quarter", (("Industry", "Soft ware"),)),
        (
            'for @bob deal size: "from 1 to 5" source fair INDUSTRY Software',
            (("Deal size", "from 1 to 5"), ("Industry", "Software")),
        ),
        ("上季度 产品名称 白板", (("产品名称", "白板"),)),
        ("company Acme Industry", ()),
        ("Retail for @bob", ()),
    ],
)
def test_a_field_of_the_team_needs_no_equals_sign(
    fields: Desk, words: str, custom: tuple[tuple[str, str], ...]
) -> None:
    fields.team.workspace.add_field("Retail")

    found = wanted(fields, words)

    assert found.selection.custom == custom
    if not custom:
        assert (found.selection.company, found.asked.pipeline) in [("Acme Industry", "Sales"), ("", "Retail")]


@pytest.mark.parametrize(
    ("words", "example"),
    [
        ("report Industri Software", '/funnel report Industry="Software"'),
        ("forecast Industry", '/funnel forecast Industry="…"'),
        ("report Branch Software", EXAMPLE),
    ],
)
def test_a_field_or_a_value_that_is_not_told_is_shown_how(fields: Desk, words: str, example: str) -> None:
    with pytest.raises(SettingNotUnderstood) as fault:
        fields.types(f"/funnel {words}")

    assert fault.value.example == example


def test_a_team_is_a_manager_and_who_reports_to_them(fields: Desk) -> None:
    both = frozenset([fields.team.ann.id, fields.team.bob.id])

    assert wanted(fields, "this year team ann").selection.owner_ids == both
    assert wanted(fields, "for me").selection.owner_ids == frozenset([fields.team.ann.id])
    assert wanted(fields, "<@UBOB> this week").selection.owner_ids == frozenset([fields.team.bob.id])


def test_what_is_quoted_is_no_time_and_no_other_word(fields: Desk) -> None:
    found = wanted(fields, 'source "for last year" "Deal size"="from 1 to 5" company "Team Pipeline Ltd"')

    assert found.period.unit is Unit.MONTH
    assert found.selection == Selection(
        source="for last year", company="Team Pipeline Ltd", custom=(("Deal size", "from 1 to 5"),)
    )


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("in 2031", PeriodNotUnderstood),
        ("for zoe", MemberNotFound),
        ("pipeline nowhere", PipelineNotFound),
        ("Colour=red", FieldUnknown),
        ("bananas", SettingNotUnderstood),
    ],
)
def test_what_is_not_understood_is_refused(desk: Desk, words: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        desk.types(f"/funnel report {words}")


@pytest.mark.parametrize("line", ["leaks last quarter by pipeline", "趋势 按管道", "forecast by pipelines"])
def test_where_pipelines_do_not_stand_side_by_side_it_is_said_what_to_type_instead(desk: Desk, line: str) -> None:
    desk.types("/funnel pipeline add Shop from retail")

    with pytest.raises(OnePipelineAtATime) as fault:
        desk.types(f"/funnel {line}")

    assert fault.value.pipelines == ("Sales", "Shop")
    assert fault.value.example.endswith(" pipeline Shop")


def test_the_report_comes_to_the_channel_with_its_picture(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k USD")
    office.types("/deal advance acme to Proposal")
    office.types("/deal add Beta")
    office.types("/deal lost Beta because price")

    office.types("/funnel report this month for me")

    words = report_in(slack, "C1")
    assert "*Snapshot*, Mar 1, 2026 to Mar 2, 2026, so far · owner: Ann · all amounts in USD" in words
    assert "Lead identified\n0\n2\n1\n0\n0\n1\n0\n0 … 0 … 0\nFirst contact\n0\n0\n0\n0\n1\n0\n0\n–\n" in words
    assert not re.search(r"\d – |– \d| – –", words)
    assert "2 began, 0 won, 1 lost · win rate 0%, 95% interval 0% to 79%, of 1" in words
    (file,) = slack.files
    assert (file.alt_text or "").startswith(
        "Bars for the stages of Sales, snapshot of Mar 1, 2026 to Mar 2, 2026, so far: "
        "Lead identified 0 at the start, 2 entered, "
    )
    assert slack.refused == []


def test_leaks_come_to_the_channel_with_their_picture(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k USD")
    office.types("/deal add Beta 3k USD")
    office.types("/deal won Acme")
    office.types("/deal lost Beta because price")

    office.types("/funnel bottlenecks this month for me")

    words = "\n".join(text for post in slack.posts("C1") for text in texts_in(post.blocks))
    assert "*Lead identified*: expected value lost $1.5K · lost 1 · usually 50% are won from here" in words
    assert "Ann: expected value lost $1.5K · lost 1" in words
    assert "*After-sales*" not in words
    assert "Too little history to tell what is normal in Lead identified" in words
    (file,) = slack.files
    assert "the most first: Lead identified: lost $1.5K, 100% of the time, First contact: lost –, 0%" in (
        file.alt_text or ""
    )
    assert slack.refused == []


def test_cohorts_come_in_chinese_to_who_reads_chinese(office: Office, slack: SlackDouble) -> None:
    slack.add_user("UMEI", name="mei", real_name="梅", tz="Asia/Shanghai", locale="zh-CN")
    slack.add_channel("C2", "销售", members=["UMEI"])
    office.types("/deal 新建 华为云 ¥3万", user="UMEI", channel="C2")

    office.types("/funnel 报告 本月 同期群", user="UMEI", channel="C2")

    words = report_in(slack, "C2")
    assert "*同期群* ：2026年3月1日至2026年3月2日（截至目前）" in words
    assert "金额均折合为 CNY" in words
    assert "月份\n商机\n线索识别\n初步接触\n" in words
    assert "2026年3月\n1\n1\n0\n" in words
    assert slack.refused == []


def test_where_no_deal_is_like_that_it_says_so_to_the_person_alone(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    office.types("/funnel report last year source fair")

    said = "\n".join(each.text for each in slack.ephemerals("UANN"))
    assert "No such deals: Sales, Jan 1, 2025 to Dec 31, 2025 (source: fair)." in said
    assert slack.files == []


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("last quarter by source", Dimension.SOURCE),
        ("by rep last quarter for @bob", Dimension.OWNER),
        ("上季度 按负责人", Dimension.OWNER),
        ("this year by team", Dimension.TEAM),
        ("今年 按团队", Dimension.TEAM),
        ("上季度 按管道", Dimension.PIPELINE),
        ("by product", "产品名称"),
        ("按产品", "产品名称"),
        ("owned by @bob by industry", "Industry"),
        ('by "deal size"', "Deal size"),
    ],
)
def test_a_report_can_be_broken_down_by_a_field(fields: Desk, words: str, by: Dimension | str) -> None:
    assert wanted(fields, words).by == by


@pytest.mark.parametrize("words", ['product "GTX Pro"', "产品：GTX Pro", 'product="GTX Pro"', '产品名称="GTX Pro"'])
def test_a_report_is_of_one_product_where_the_team_has_such_a_field(fields: Desk, words: str) -> None:
    assert wanted(fields, words).selection.custom == (("产品名称", "GTX Pro"),)


@pytest.mark.parametrize("words", ["by product", "product Basic"])
def test_where_no_field_tells_the_product_it_says_which_fields_there_are(desk: Desk, words: str) -> None:
    with pytest.raises(FieldUnknown):
        wanted(desk, words)


def test_teams_stand_side_by_side_in_both_views(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k USD")
    office.types("/deal won Acme")
    office.types("/deal add Beta", user="UBOB")
    office.types("/funnel set manager <@UANN> for <@UBOB>")

    for view in ("", "cohort"):
        office.types(f"/funnel report this month by team {view}")

    slack.workspace.draws_tables = False
    for view in ("", "cohort"):
        office.types(f"/funnel report this month by team {view}")

    told = ["\n".join(texts_in(post.blocks)) for post in slack.posts("C1") if post.text.startswith("Report")]
    assert len(told) == 4
    for words, low in zip(told[:2], (21, 9), strict=True):  # of the cohort one is still open
        assert f"Ann\n2\n1\n$12K\n0\n100%, 95% interval {low}% to 100%, of 1" in words
    assert all("*Ann*  2 began · 1 won ($12K) · 0 lost · win rate 100%" in words for words in told[2:])
    assert "*Won*: 0 at the start · 1 entered · 0 moved forward" in told[2]
    assert "*Mar 2026*: 2 deals → " in told[3]
    alt = "Sales by team, Mar 1, 2026 to Mar 2, 2026, so far. Ann: 1 won, 0 lost"
    assert [each.alt_text for each in slack.files] == [alt] * 4


def test_pipelines_stand_side_by_side_in_both_views(office: Office, slack: SlackDouble) -> None:
    office.types("/funnel pipeline add Shop from retail")
    office.types("/deal add Acme 12k USD")
    office.types("/deal add Beta 3k USD in Shop")
    office.types("/deal add Gamma in Shop")
    office.types("/deal add Delta in Shop")
    office.types("/deal won Beta")
    office.types("/deal won Gamma")
    office.types("/deal lost Delta because price")

    for words in ("this month by pipeline", "this year cohort by pipelines", "this month by pipeline pipeline Shop"):
        office.types(f"/funnel report {words}")
    assert slack.refused == []
    slack.workspace.draws_tables = False
    office.types("/funnel report this month by pipeline")

    told = ["\n".join(texts_in(post.blocks)) for post in slack.posts("C1") if post.text.startswith("Report")]
    table, cohorts, alone, lines = told
    shop = "Shop\n3\n0\n2\n$3K\n1\n67%, 95% interval 21% to 94%, of 3\n$3K\n0"
    assert "Funnel report: Pipelines side by side" in table
    assert "*Snapshot*, Mar 1, 2026 to Mar 2, 2026, so far · all deals · all amounts in USD" in table
    assert f"Sales\n1\n1\n0\n$0\n0\n–\n–\n–\n–\n{shop}\n–\nTogether\n4\n1\n2\n$3K\n1\n67%" in table
    assert "1 won deal without an amount is left out of the average" in table
    assert f"Sales\n1\n1\n0\n$0\n0\n–\n–\n–\n{shop}\nTogether" in cohorts
    assert "*Cohorts* of the deals that began Jan 1, 2026" in cohorts
    assert "Funnel report: Shop" in alone
    assert shop in alone
    assert "Together" not in alone
    assert "*Sales*: 1 began · 1 open · 0 won · worth $0 · 0 lost\n" in lines
    assert (
        "*Shop*: 3 began · 0 open · 2 won · worth $3K · 1 lost · win rate 67%, 95% interval 21% to 94%, of 3" in lines
    )
    assert [each.alt_text for each in slack.files][::3] == [
        "Pipelines side by side, Mar 1, 2026 to Mar 2, 2026, so far. Sales: 0 won, 0 lost and Shop: 2 won, 1 lost"
    ] * 2


def test_deals_that_went_to_another_pipeline_stand_in_the_sum_of_a_stage(office: Office, slack: SlackDouble) -> None:
    office.types("/funnel pipeline add Shop from retail")
    office.types("/deal add Acme 12k USD")
    office.types("/deal add Beta")
    office.types("/funnel report this month")
    office.types("/deal move Acme to pipeline Shop")

    office.types("/funnel report this month")
    slack.workspace.draws_tables = False
    office.types("/funnel report this month")

    told = ["\n".join(texts_in(post.blocks)) for post in slack.posts("C1") if post.text.startswith("Report")]
    before, table, lines = told
    assert "lsewhere" not in before
    assert "another pipeline" not in before
    assert "Lost\nElsewhere\nStill there\nDays in stage\nLead identified\n0\n2\n0\n0\n0\n0\n1\n1\n0 …" in table
    assert "lost + went to another pipeline + still there" in table
    assert "2 entered · 0 moved forward · 0 moved back · 0 skipped it · 0 lost · 1 went to another pipeline" in lines
    assert lines.count("1 went to another pipeline") == 1


def test_nothing_is_broken_down_by_a_field_that_nobody_knows(fields: Desk) -> None:
    with pytest.raises(FieldUnknown):
        wanted(fields, "by colour")
