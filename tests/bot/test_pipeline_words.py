"""Which pipeline a sentence means, and what a new one is to be made of."""

import pytest

from bot.pipeline_words import NewPipeline, new_pipeline, with_names_quoted, without_pipeline
from models.pipeline import Trade

NAMES = ["Sales", "Retail", "Business in Asia", "零售"]


@pytest.mark.parametrize(
    ("words", "left", "name"),
    [
        ("Acme 12k in Retail", "Acme 12k", "Retail"),
        ("Acme 12k close 15 March in the retail", "Acme 12k close 15 March", "Retail"),
        ('Acme in "Retail"', "Acme", "Retail"),
        ("Acme in Retail for <@U1|bob>", "Acme for <@U1|bob>", "Retail"),
        ("Acme in Retail <@U1>", "Acme <@U1>", "Retail"),
        ("Acme in Business in Asia", "Acme", "Business in Asia"),
        ("Acme 12k pipeline Retail", "Acme 12k", "Retail"),
        ("Acme 12k in pipeline Retail", "Acme 12k", "Retail"),
        ("华为云 ¥3万 管道 零售", "华为云 ¥3万", "零售"),
        ("Oil pipeline", "Oil pipeline", ""),
        ("华为云 ¥3万 在零售", "华为云 ¥3万", "零售"),
        ("in Retail", "", "Retail"),
        ("Acme 12k in Retail source fair", "Acme 12k source fair", "Retail"),
        ('Acme 12k in "Retail" close 15 March for @bob', "Acme 12k close 15 March for @bob", "Retail"),
        ("Acme 12k in Business in Asia 15 March <@U1>", "Acme 12k 15 March <@U1>", "Business in Asia"),
        ("华为云 ¥3万 在零售 来源 展会", "华为云 ¥3万 来源 展会", "零售"),
        ("Acme 12k in Retail park", "Acme 12k in Retail park", ""),
        ("Acme in Retail source fair", "Acme in Retail source fair", ""),
        ("Came in in Retail", "Came in", "Retail"),
        ("Made in Italy", "Made in Italy", ""),
        ("Acme in Ret", "Acme in Ret", ""),
        ('"Made in Retail" 12k', '"Made in Retail" 12k', ""),
        ("Retail", "Retail", ""),
        ("", "", ""),
    ],
)
def test_a_pipeline_is_named_at_the_end_by_its_whole_name(words: str, left: str, name: str) -> None:
    assert without_pipeline(words, NAMES) == (left, name)


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        ("last month pipeline Partner pipeline", 'last month pipeline "Partner pipeline"'),
        ('pipeline "Partner pipeline" for me', 'pipeline "Partner pipeline" for me'),
        ("管道 大客户管道 上月", '管道 "大客户管道" 上月'),
        ("本月大客户管道", '本月"大客户管道"'),
        ("team north source fair", '"team north" source fair'),
        ("team northern", "team northern"),
        ('source "our Team North fair"', 'source "our Team North fair"'),
        ("来源 “我们的大客户管道展会”", "来源 “我们的大客户管道展会”"),
        ("pipeline Retail", "pipeline Retail"),
    ],
)
def test_a_pipeline_s_name_is_one_thing_whatever_words_are_in_it(words: str, quoted: str) -> None:
    assert with_names_quoted(words, ["Retail", "Partner pipeline", "大客户管道", "Team North", "管道"]) == quoted


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Shop from retail", NewPipeline("Shop", Trade.RETAIL)),
        ('"Loans from us" from finance', NewPipeline("Loans from us", Trade.FINANCE)),
        ("门店 模板 零售", NewPipeline("门店", Trade.RETAIL)),
        ('Partners stages "Lead, Demo, Signed:won"', NewPipeline("Partners", stages="Lead, Demo, Signed:won")),
        ("Partners with stages: Lead, Signed:won", NewPipeline("Partners", stages="Lead, Signed:won")),
        ("伙伴 阶段：线索、签约：赢单", NewPipeline("伙伴", stages="线索、签约：赢单")),
        ("Shop", None),
        ("Shop from moon", None),
    ],
)
def test_a_new_pipeline_is_of_a_template_or_of_stages(words: str, told: NewPipeline | None) -> None:
    assert new_pipeline(words) == told
