"""What people say freely is understood: most phrases that development saw, and nearly as many that it did not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clauses import meanings
from bot.missing import meant_of_no_deal
from bot.spotting import Around
from bot.understanding import Meaning, meaning, nearest
from tests.bot.phrases import NOT_UNDERSTOOD, Phrase, phrases
from tests.factories import MONDAY

SPOKEN_OF = {
    "en": (
        ("Acme", "Globex", "Initech", "Umbrella", "Hooli", "Stark Industries", "Soylent"),
        ("Lead identified", "First contact", "Qualified", "Proposal", "Negotiation", "After-sales"),
    ),
    "zh_CN": (
        ("星辰科技", "蓝海集团", "华美贸易", "东方医药", "长江物流", "Acme", "Globex"),
        ("线索识别", "初步接触", "需求确认", "方案报价", "商务谈判", "售后服务"),
    ),
}


def around(language: str) -> Around:
    deals, stages = SPOKEN_OF[language]
    return Around(
        deals=list(enumerate(deals, start=1)),
        stages=stages,
        now=MONDAY,
        today=MONDAY.date(),
        zone="Europe/Berlin",
        locale=language.replace("_", "-"),
        currency="USD",
    )


def understood(said: str, language: str) -> str:
    meant = meaning(said, around(language))
    return meant.shown if meant else NOT_UNDERSTOOD


def share_understood(asked: list[Phrase], language: str) -> float:
    return sum(understood(each.text, language).lower() == each.command.lower() for each in asked) / len(asked)


@pytest.mark.parametrize("language", SPOKEN_OF)
def test_what_development_saw_is_understood(language: str) -> None:
    later = [each for name in ("later", "last", "typed", "asked") for each in phrases(f"{language}_{name}")]
    seen = [phrase for phrase in phrases(language) if not phrase.is_held_out] + later

    assert len(phrases(language)) >= 150
    assert share_understood(seen, language) >= 0.97


@pytest.mark.parametrize(
    ("said", "language", "command"),
    [
        ("how are we doing compared to last year?", "en", "/funnel report this year"),
        ("did we win more than last quarter", "en", "/funnel report this quarter"),
        ("are we better than last month", "en", "/funnel report this month"),
        ("我们和去年相比怎么样", "zh_CN", "/funnel report this year"),
        ("这个月比上个月怎么样", "zh_CN", "/funnel report this month"),
    ],
)
def test_what_is_held_against_the_time_before_is_the_report_of_now(said: str, language: str, command: str) -> None:
    """It has the figures of the time before in brackets."""
    assert understood(said, language) == command


@pytest.mark.parametrize(
    ("said", "language", "command"),
    [
        ("what's my win rate?", "en", "/funnel report last 90 days for me"),
        ("my conversion from Qualified to Proposal last quarter", "en", "/funnel report last quarter for me"),
        ("how many new leads did I get this week", "en", "/funnel report this week for me"),
        ("where do I lose deals?", "en", "/funnel leaks last 90 days for me"),
        ("我的赢单率是多少", "zh_CN", "/funnel report last 90 days for me"),
        ("我在哪里丢单最多", "zh_CN", "/funnel leaks last 90 days for me"),
        ("我们上个月有多少新线索", "zh_CN", "/funnel report 上个月"),
        ("我们在哪里丢单最多", "zh_CN", "/funnel leaks last 90 days"),
        ("我这个季度能赢多少？", "zh_CN", "/funnel forecast 这个季度 for me"),
        ("我们这个季度能赢多少？", "zh_CN", "/funnel forecast 这个季度"),
    ],
)
def test_who_asks_for_their_own_figures_gets_them(said: str, language: str, command: str) -> None:
    assert understood(said, language) == command


@pytest.mark.parametrize(
    ("said", "language", "command"),
    [
        ("what happened today", "en", "/funnel report today"),
        ("昨天赢了多少", "zh_CN", "/funnel report 昨天"),
        ("how was last week", "en", "/funnel report last week"),
        ("how was lunch today", "en", NOT_UNDERSTOOD),
        ("how is the weather today?", "en", NOT_UNDERSTOOD),
        ("今天天气怎么样？", "zh_CN", NOT_UNDERSTOOD),
    ],
)
def test_a_day_is_reported_where_its_figures_are_asked_for(said: str, language: str, command: str) -> None:
    assert understood(said, language) == command


@pytest.mark.parametrize(
    ("said", "language", "command"),
    [
        ("how accurate were our forecasts?", "en", "/funnel forecast"),
        ("how accurate is the model?", "en", "/funnel model"),
        ("which customers are due for renewal?", "en", "/funnel aftersales"),
        ("compare the pipelines", "en", "/funnel report last 90 days by pipeline"),
        ("本季度管道对比", "zh_CN", "/funnel report 本季度 by pipeline"),
        ("预测准不准？", "zh_CN", "/funnel forecast"),
        ("set a target of 10 meetings a week for Ben", "en", "/funnel target 10 meetings a week for Ben"),
        ("把目标定为每季度赢单50万", "zh_CN", "/funnel target 每季度赢单50万"),
        ("how far are we from our target?", "en", "/funnel targets"),
    ],
)
def test_what_is_asked_of_the_funnel_gets_the_command_that_tells_or_does_it(
    said: str, language: str, command: str
) -> None:
    assert understood(said, language) == command


@pytest.mark.parametrize("language", SPOKEN_OF)
def test_what_was_held_out_is_understood_nearly_as_often(language: str) -> None:
    held_out = [phrase for phrase in phrases(language) if phrase.is_held_out]

    assert 0.2 < len(held_out) / len(phrases(language)) < 0.4
    assert share_understood(held_out, language) >= 0.95


@pytest.mark.parametrize(
    ("name", "floor"), [("en_fresh", 0.55), ("zh_CN_fresh", 0.5), ("en_frozen", 0.725), ("zh_CN_frozen", 0.725)]
)
def test_what_was_scored_once_is_understood_as_often_as_the_page_says(name: str, floor: float) -> None:
    assert share_understood(phrases(name), name.rpartition("_")[0]) >= floor


@pytest.mark.parametrize(
    ("language", "said"),
    [
        *(
            ("zh_CN", f"华美贸易{told}")
            for told in ("又想买了", "快赢了", "快要签了", "即将赢单", "马上就要签约了", "有望赢单")
        ),
        *(("en", said) for said in ("Acme is going to be lost", "we could lose Acme", "we are close to winning Acme")),
    ],
)
def test_what_has_not_come_yet_is_not_taken_for_certain(language: str, said: str) -> None:
    meant = meaning(said, around(language))

    assert meant is None or not (meant.changes and meant.is_certain)


def test_what_came_fast_is_certain() -> None:
    meant = meaning("今天很快拿下了华美贸易", around("zh_CN"))

    assert meant is not None
    assert meant.is_certain


@pytest.mark.parametrize(
    ("said", "is_certain"),
    [
        ("move Acme to proposal", True),
        ("lost Umbrella, too expensive", True),
        ("we won Acme", True),
        ("remind me on Friday to call Ann at Initech", True),
        ("what's stuck?", True),
        ("mvoe Acme to proposal", False),
        ("move Acmee to proposal", False),
        ("did we win Acme?", False),
        ("Umbrella didn't sign", False),
        ("we didn't get Umbrella", False),
        ("don't move Acme to proposal", False),
        ("if Acme signed we could all go home", False),
        ("we lost Acme Beta because of price", False),
        ("we lost acme beta because of price", False),
        ("we lost Acme because of Beta", True),
        ("we won Acme Beta", False),
        ("move Acme Beta to proposal", False),
        ("move Acme to Proposal", True),
        ("Acme made it to negotiation", False),
        ("Globex somewhere around Proposal", False),
        ("Hooli <@UBOB>", False),
    ],
)
def test_nothing_is_changed_by_words_with_a_slip_a_doubt_or_a_no(said: str, is_certain: bool) -> None:
    meant = meaning(said, around("en"))

    assert meant is not None
    assert meant.is_certain is is_certain


@pytest.mark.parametrize(
    ("language", "said", "commands"),
    [
        ("en", "move it to proposal", ["/deal move Hooli to Proposal?"]),
        ("en", "set its amount to 15k", ["/deal set Hooli amount 15k?"]),
        ("en", "how likely is that one?", ["/deal why Hooli"]),
        ("en", "move it to proposal, not Globex", ["/deal move Hooli to Proposal? without not Globex"]),
        ("en", "what's it looking like this quarter?", ["/funnel forecast this quarter"]),
        ("en", "move Acme to proposal and set it to 15k", ["/deal move Acme to Proposal", "/deal set Acme amount 15k"]),
        ("en", "I won Acme. Move Hooli to qualified.", ["/deal won Acme", "/deal move Hooli to Qualified"]),
        ("en", "lost Acme because of price and timing", ["/deal lost Acme because price and timing"]),
        (
            "en",
            "move Acme to proposal, Globex to negotiation and Hooli to qualified",
            ["/deal move Acme to Proposal", "/deal move Globex to Negotiation", "/deal move Hooli to Qualified"],
        ),
        ("en", "move Acme and Globex to proposal", ["/deal move Acme to Proposal", "/deal move Globex to Proposal"]),
        ("en", "won Acme and lost Globex", ["/deal won Acme", "/deal lost Globex"]),
        (
            "en",
            "lost Acme and Globex because of price",
            [f"/deal lost {deal} because price" for deal in ("Acme", "Globex")],
        ),
        ("en", "lost Acme, went with a competitor", ["/deal lost Acme because went with a competitor"]),
        ("en", "how are Acme and Globex doing?", ["/deal show Acme", "/deal show Globex"]),
        ("en", "advance Acme and tell Ann", ["/deal advance Acme? without tell Ann"]),
        (
            "en",
            "advance Acme, set it to 15k and tell Ann",
            ["/deal advance Acme", "/deal set Acme amount 15k? without tell Ann"],
        ),
        (
            "en",
            "follow up with Acme on friday and send the offer",
            ["/deal set Acme next step follow up with Acme and send the offer by 2026-03-06"],
        ),
        ("zh_CN", "这单赢了", ["/deal won 长江物流?"]),
        ("zh_CN", "星辰科技赢单了，蓝海集团输单", ["/deal won 星辰科技", "/deal lost 蓝海集团"]),
        (
            "zh_CN",
            "星辰科技、蓝海集团和华美贸易赢单了",
            [f"/deal won {deal}" for deal in ("星辰科技", "蓝海集团", "华美贸易")],
        ),
        (
            "zh_CN",
            "把星辰科技和蓝海集团移到方案报价",
            [f"/deal move {deal} to 方案报价" for deal in ("星辰科技", "蓝海集团")],
        ),
        ("zh_CN", "推进星辰科技，然后告诉王总", ["/deal advance 星辰科技? without 告诉王总"]),
        ("zh_CN", "推进蓝海集团，金额改成15万", ["/deal advance 蓝海集团", "/deal set 蓝海集团 amount 15万"]),
    ],
)
def test_a_pronoun_means_the_deal_before_and_several_things_are_told_apart(
    language: str, said: str, commands: list[str]
) -> None:
    before = {"en": "Hooli", "zh_CN": "长江物流"}[language]

    found = meanings(said, around(language), before=before)

    assert [_told(each) for each in found] == commands


def _told(meant: Meaning) -> str:
    left_out = f" without {meant.left_out}" if meant.left_out else ""
    return f"{meant.shown}{'' if meant.is_certain else '?'}{left_out}"


@pytest.mark.parametrize(
    ("language", "said", "command"),
    [
        ("en", "we didn't win Acme", "/deal lost Acme?"),
        ("en", "we couldn't win Acme", "/deal lost Acme?"),
        ("en", "Acme won't sign", "/deal lost Acme?"),
        ("en", "we haven't won Acme yet", "/deal show Acme"),
        ("en", "we haven't lost Acme", "/deal show Acme"),
        ("en", "didn't we win Acme?", "/deal won Acme?"),
        ("en", "lost Acme, they didn't like the price", "/deal lost Acme because they didn't like the price"),
        ("zh_CN", "星辰科技没有赢单", "/deal lost 星辰科技?"),
        ("zh_CN", "星辰科技没签", "/deal lost 星辰科技?"),
        ("zh_CN", "星辰科技还没签约", "/deal show 星辰科技"),
        ("zh_CN", "Acme 没输", "/deal show Acme"),
        ("zh_CN", "星辰科技没有丢", "/deal show 星辰科技"),
        ("en", "won Acme, not Globex", "/deal won Acme? without not Globex"),
        ("en", "we lost Hooli but not Globex", "/deal lost Hooli? without but not Globex"),
        ("en", "lost Acme because it is not Globex", "/deal lost Acme because it is not Globex"),
        ("en", "note on Acme: they want Globex, not Initech", "/deal note Acme: they want Globex, not Initech"),
        ("zh_CN", "星辰科技丢了，不是蓝海集团", "/deal lost 星辰科技? without 不是蓝海集团"),
    ],
)
def test_what_is_denied_is_not_asked_as_if_it_were_so(language: str, said: str, command: str) -> None:
    assert [_told(each) for each in meanings(said, around(language))] == [command]


@pytest.mark.parametrize(
    ("language", "said", "command"),
    [
        ("en", "Acme won for 15k", "/deal won Acme for 15k"),
        ("en", "Acme signed for 20k!", "/deal won Acme for 20k"),
        ("en", "lost Acme at 15k", "/deal lost Acme? without 15k"),
        ("en", "lost Acme, 15k was too expensive", "/deal lost Acme because 15k was too expensive"),
        ("en", "Acme went up to 20k", "/deal set Acme amount 20k"),
        ("zh_CN", "Acme 赢了，15万", "/deal won Acme for 15万"),
        ("en", "won Acme for EUR15k", "/deal won Acme for EUR15k"),
    ],
)
def test_what_is_won_or_lost_at_an_amount_is_more_than_a_new_amount(language: str, said: str, command: str) -> None:
    assert [_told(each) for each in meanings(said, around(language))] == [command]


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ("snooze Acme until 5 March", "?"),
        ("call Acme until 5 March", "?"),
        ("Acme is delayed until 5 March", ""),
        ("Acme is postponed until 5 March", ""),
    ],
)
def test_until_alone_may_not_be_of_the_day_on_which_a_deal_closes(said: str, mark: str) -> None:
    assert [_told(each) for each in meanings(said, around("en"))] == [f"/deal set Acme close date 2026-03-05{mark}"]


@pytest.mark.parametrize(
    ("language", "said", "command"),
    [
        *(("en", said, "/deal help") for said in ("hey @sluice", "hello there!", "hi all", "Hi Sluice, how are you?")),
        *(("zh_CN", said, "/deal help") for said in ("嗨，sluice", "大家好", "晚上好")),
        ("en", "good afternoon sluice, what's stuck?", "/deal list stalled"),
        ("en", "dear sluice, we won Acme", "/deal won Acme"),
        ("en", "Hello Sluice. Move Acme to proposal", "/deal move Acme to Proposal"),
        ("zh_CN", "您好 sluice：星辰科技赢了", "/deal won 星辰科技"),
    ],
)
def test_a_greeting_alone_is_answered_with_help_and_before_a_wish_is_passed_over(
    language: str, said: str, command: str
) -> None:
    assert [_told(each) for each in meanings(said, around(language))] == [command]


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("write to bob@acme.com", NOT_UNDERSTOOD),
        ("met bob@acme.com", NOT_UNDERSTOOD),
        ("we won https://acme.com/deal", NOT_UNDERSTOOD),
        ("send Acme to proposal, cc bob@hooli.com", "/deal move Acme to Proposal"),
        ("note on Acme: write to bob@initech.com", "/deal note Acme: write to bob@initech.com"),
    ],
)
def test_an_address_names_no_deal(said: str, command: str) -> None:
    assert understood(said, "en") == command
    assert meant_of_no_deal("met bob@wayne.com", around("en"), otherwise=[]) is None


@pytest.mark.parametrize("language", SPOKEN_OF)
@pytest.mark.parametrize(
    "amount",
    [
        *("KWD12.350", "KWD 12.350", "12.350 KWD", "12.350KWD", "USD12k", "USD 12k", "$12k", "EUR 1.234.567,50"),
        *("1,234,567 USD", "CNY3万", "人民币5万", "500美元"),
    ],
)
def test_an_amount_is_heard_whole_with_its_currency_on_either_side(language: str, amount: str) -> None:
    words = {"en": f"set Acme to {amount}", "zh_CN": f"Acme金额改成{amount}"}[language]

    assert understood(words, language) == f"/deal set Acme amount {amount}"


def test_a_part_of_a_number_is_no_amount() -> None:
    assert understood("set Acme to v12.350", "en") == NOT_UNDERSTOOD


@given(st.text(max_size=60))
def test_any_words_have_a_meaning_or_none(said: str) -> None:
    meanings(said, around("en"), before="Hooli")
    meant_of_no_deal(said, around("en"), otherwise=[])

    assert len(nearest(said)) == 2


@pytest.mark.parametrize(
    ("language", "said", "command"),
    [
        ("en", "how likely is Wayne Corp?", "/deal why Wayne Corp"),
        ("en", "how likely is wayne to close?", "/deal why wayne"),
        ("en", "good news, we won Wayne for 15k!", "/deal won Wayne for 15k"),
        ("en", "we lost Wayne because of Acme", "/deal lost Wayne because Acme"),
        ("en", "Wayne is in Proposal", "/deal move Wayne to Proposal"),
        ("en", "show me Wayne", "/deal show Wayne"),
        ("en", "note on Wayne: they called", "/deal note Wayne: they called"),
        ("zh_CN", "丢了上海电气", "/deal lost 上海电气"),
        ("zh_CN", "上海电气能赢吗", "/deal why 上海电气"),
        ("zh_CN", "把上海电气移到方案报价", "/deal move 上海电气 to 方案报价"),
        ("zh_CN", "赢了Wayne，15万", "/deal won Wayne for 15万"),
    ],
)
def test_a_deal_that_is_not_there_is_known_by_what_is_said_of_it(language: str, said: str, command: str) -> None:
    otherwise = meanings(said, around(language))

    missing = meant_of_no_deal(said, around(language), otherwise=otherwise)

    assert missing is not None
    assert (missing[1].command, missing[1].shown) == (command, command)


@pytest.mark.parametrize(
    ("said", "commands"),
    [
        ("won Acme and lost Wayne", ["/deal won Acme? without lost Wayne"]),
        ("won Acme and Wayne", ["/deal won Acme? without Wayne"]),
        ("move Wayne and Acme to proposal", ["/deal move Acme to Proposal?"]),
        ("move Acme and Wayne to proposal", ["/deal move Acme to Proposal?"]),
        ("set Acme & Wayne to 12k", ["/deal set Acme amount 12k?"]),
        ("won Acme and lost Globex", ["/deal won Acme", "/deal lost Globex"]),
        ("won Acme, lost Wayne because of price", ["/deal won Acme? without lost Wayne because of price"]),
        ("Won Acme. Lost Wayne because price", ["/deal won Acme? without Lost Wayne because price"]),
        ("won acme, lost wayne because price", ["/deal won Acme? without lost wayne because price"]),
        ("Wayne lost, Acme won", ["/deal won Acme? without Wayne lost"]),
        ("won Acme, won Globex, lost Wayne", ["/deal won Acme", "/deal won Globex? without lost Wayne"]),
        ("Acme moves to proposal, Wayne is lost because of budget", ["/deal lost Acme because budget?"]),
        ("won Acme, contract signed", ["/deal won Acme"]),
        ("add Wayne 12k, close 15 March", ["/deal add Wayne 12k, close 15 March"]),
        ("Acme, contract signed", ["/deal won Acme"]),
        ("lost Acme, price too high", ["/deal lost Acme because price too high"]),
    ],
)
def test_what_is_said_of_a_deal_that_is_not_there_is_taken_for_no_other_one_s(said: str, commands: list[str]) -> None:
    assert [_told(each) for each in meanings(said, around("en"))] == commands


@pytest.mark.parametrize(
    "said",
    [
        *("what's the weather like?", "show me the money", "who won the game last night", "remind me to buy milk"),
        *("how likely is it that we win?", "which deals are in Proposal?", "how likely is Acme?", "昨晚谁赢了比赛"),
    ],
)
def test_not_every_word_that_is_not_understood_is_a_deal(said: str) -> None:
    otherwise = meanings(said, around("en"))

    assert meant_of_no_deal(said, around("en"), otherwise=otherwise) is None


@pytest.mark.parametrize("language", SPOKEN_OF)
def test_what_is_understood_is_of_no_deal_that_is_not_there(language: str) -> None:
    asked = [each.text for name in ("", "_later", "_last", "_typed", "_asked") for each in phrases(language + name)]
    understood = [(said, found) for said in asked if (found := meanings(said, around(language)))]

    assert [said for said, found in understood if meant_of_no_deal(said, around(language), otherwise=found)] == []


def test_a_deal_is_meant_by_its_whole_name_first() -> None:
    meant = meaning("how is Acme North doing", replace(around("en"), deals=[(1, "Acme"), (2, "Acme North")]))

    assert meant is not None
    assert meant.command == "/deal show #2"


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("丢了Acme", "/deal lost Acme Corp"),
        ("赢了acme，15万", "/deal won Acme Corp for 15万"),
        ("Acme赢了", "/deal won Acme Corp"),
        ("推进Acme", "/deal advance Acme Corp"),
        ("丢了Globx", "/deal lost Globex?"),
        ("赢了Initech", "/deal won Initech"),
        ("赢了Acme Beta", "/deal won Acme Corp?"),
        ("赢了Acme北京", "/deal won Acme Corp?"),
        ("Acme北京赢了", "/deal won Acme Corp?"),
        ("Acme的合同终于签了", "/deal won Acme Corp"),
        ("赢了星辰科技北京分公司", "/deal won 星辰科技?"),
    ],
)
def test_a_name_beside_chinese_words_is_found_by_its_beginning_and_asked_about_where_it_goes_on(
    said: str, command: str
) -> None:
    deals = list(enumerate(("Acme Corp", "Globex", "Initech North", "Initech South", "星辰科技"), start=1))

    assert [_told(each) for each in meanings(said, replace(around("zh_CN"), deals=deals))] == [command]


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("Globex Proposal", "/deal move Globex to Proposal"),
        ("Acme made it to negotiation", "/deal move Acme to Negotiation"),
        ("what do people say of Hooli?", "/deal show Hooli"),
        ("is it thinkable that we win Umbrella?", "/deal why Umbrella"),
        ("did we win Umbrella?", "/deal won Umbrella"),
    ],
)
def test_what_is_spoken_of_tells_where_no_other_word_does(said: str, command: str) -> None:
    assert understood(said, "en") == command
