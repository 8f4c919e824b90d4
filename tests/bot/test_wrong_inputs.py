"""Whatever is typed wrongly changes nothing and is answered to the person alone: what was wrong, and what to type."""

import re

import pytest
from sqlalchemy import func, select

from bot.errors import worded
from bot.reply import Place
from bot.views.blocks import size
from models.deal import Deal
from models.errors import DomainError
from models.history import StageChange
from tests.bot.conftest import Desk

LONG, HAN = "x" * 3_000, "很" * 300

WRONG = f"""
/deal add | /deal add 12k | /deal add "" 12k | /deal add Foo -500 | /deal add Foo 12k close 32.13.
/deal add Foo 12k close someday | /deal add Foo 12k @zoe | /deal add Acme | /deal add {LONG} | /deal add {HAN}
/deal add Foo 99999999999999999999 | /deal add Foo，12k，预计成交 2月30日 | /deal advance | /deal advance Nobody
/deal advance acme to | /deal advance Acme to Nowhere | /deal move | /deal move to proposal | /deal move to
/deal move Acme | /deal move Acme to lost | /deal move Acme to pipeline Nowhere | /deal move شركة to proposal
/deal 移动 Acme 到 不存在 | /deal 移动 到 方案报价 | /deal won | /deal won ac | /deal won Acme 15kk | /deal won 🎉
/deal lost Acme because | /deal lost Acme because . | /deal lost Acme because {LONG} | /deal reopen Acme
/deal undo Acme | /deal show #999 | /deal show {LONG} | /deal why Nobody | /deal list nowhere | /deal list @zoe
/deal find | /deal note Acme: | /deal note： | /deal call Acme | /deal note Acme: {LONG}y | /deal assign Acme
/deal assign Acme to @zoe | /deal set Acme | /deal set Acme amount | /deal set Acme amount lots
/deal set Acme close date soon | /deal set Acme colour red | /deal set Acme name Globex
/deal set Acme forecast maybe | /deal split Acme @bob 130% | /deal split Acme @bob lots | /deal done Acme fly
/deal template Acme nothing | /deal satisfaction Globex 11 | /deal renew Globex | /deal refer Globex
/deal frobnicate | /deal \u202ewon\u202c x | /deal addd Foo | /funnel foo | /funnel report sometime
/funnel report last quarter for @zoe | /funnel target won lots a quarter | /funnel target won -5 a quarter
/funnel target remove won a year | /funnel forecast whenever | /funnel commission plan lots
/funnel commission plan 150% | /funnel leaks tomorrow | /funnel pipeline add X stages A
/funnel stage merge Won into Lost | /funnel stage goal Proposal | /funnel subscribe daily 25:00
/funnel subscribe 每天 二十五点 | /funnel unsubscribe | /funnel schedules pause 99 | /funnel notifications country ZZ
/funnel set | /funnel set colour blue | /funnel set currency EURO | /funnel set zone Nowhere/City
/funnel set role @bob boss | /funnel set rate USD 0 EUR | /funnel set language Klingon
"""
"""Commands, between bars."""


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_wrong_inputs_change_nothing_and_are_answered_with_what_to_type_instead(desk: Desk, locale: str) -> None:
    for name in ("Acme", "Acorn", "Globex"):
        desk.team.adds(name)
    before = _written(desk)

    for line in map(str.strip, re.split(r"[|\n]", WRONG.strip())):
        command, _, words = line.partition(" ")
        with pytest.raises(DomainError) as fault:
            desk.types(line, locale=locale)
        reply = worded(fault.value, desk.turn(locale=locale).say, command=command, words=words)

        assert reply.place is Place.PRIVATE
        assert len(reply.text) < 700, line
        assert size(reply.blocks) < 9_000
        assert len(words) < 100 or "Which one" in reply.text or words in str(reply.blocks), line

    assert _written(desk) == before


def _written(desk: Desk) -> list[int]:
    return [desk.team.session.scalars(select(func.count()).select_from(each)).one() for each in (Deal, StageChange)]
