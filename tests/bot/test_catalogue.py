"""Every sentence that is said stands in each catalogue, with the values it is given, and none stands there in vain."""

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import bot
import models
import models.importing_errors  # so that all errors are known
from bot.commands import ALIASES, COMMANDS
from bot.errors import worded
from bot.examples import IN_CHINESE, MEANT_IN_CHINESE, shown_to
from bot.intents import INTENTS
from bot.say import CATALOGUES, Say, known
from bot.speech import told_in_example
from models import errors
from models.errors import DomainError
from models.history import Via
from scoring.telling import REASONS
from tests.bot.conftest import Desk, Office
from tests.factories import MONDAY
from tests.slack_double import SlackDouble
from tests.slack_double.block_rules import texts_in

ROOT = Path(bot.__file__).parent


def catalogue(language: str) -> dict[str, list[str]]:
    """The sentences of each key, one for each plural form."""
    with (CATALOGUES / f"{language}.po").open("rb") as text:
        read = read_po(text, locale=language, abort_invalid=True)
    return {_several(each.id)[0]: _several(each.string) for each in read if each.id}


def _several(text: object) -> list[str]:
    return [str(each) for each in text] if isinstance(text, tuple | list) else [str(text)]


SENTENCES = catalogue("en")
CATALOGUE_OF = {file.stem: catalogue(file.stem) for file in sorted(CATALOGUES.glob("*.po"))}
TRANSLATIONS = sorted(CATALOGUE_OF.keys() - {"en"})

MARKED = re.compile(r"\*[^*\n]+\*|`[^`\n]+`")
"""What Slack shows in bold or as code."""

COMMAND = re.compile(rf"`((?:{'|'.join(COMMANDS)})[^`]*)`")


@pytest.mark.parametrize("language", sorted(CATALOGUE_OF))
def test_no_key_has_two_sentences(language: str) -> None:
    """The reader of catalogues takes the last one and says nothing."""
    text = (CATALOGUES / f"{language}.po").read_text()

    assert not re.findall(r'^msgid "(.+)"\nmsgstr ".*"\nmsgstr "', text, re.MULTILINE)
    assert [key for key, times in Counter(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)).items() if times > 1] == []


def placeholders(key: str, *, language: str = "en") -> set[str]:
    return {name for sentence in CATALOGUE_OF[language][key] for name in _named_in(sentence)}


def _named_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def said_in_code() -> Iterator[tuple[str, ast.Call]]:
    """Every call of `say("key", …)` or `say.plain("key", …)` with a key in sight."""
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and _is_say(node.func) and node.args:
                for key in _keys(node.args[0]):
                    yield key, node


def _is_say(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "say" or (function.attr == "plain" and _is_say(function.value))
    return isinstance(function, ast.Name) and function.id == "say"


def _keys(argument: ast.expr) -> list[str]:
    """Keys that are written out, also both of `"a" if … else "b"`."""
    match argument:
        case ast.Constant(str() as key):
            return [key]
        case ast.IfExp(body=yes, orelse=no):
            return [*_keys(yes), *_keys(no)]
    return []


def strings_in_code() -> set[str]:
    """Every string constant, and of each f-string its beginning followed by a star."""
    found: set[str] = set()
    for folder in (ROOT, Path(models.__file__).parent, ROOT.parent / "scoring"):
        for file in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
                if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                    found.add(str(node.values[0].value) + "*")
    return found


@pytest.mark.parametrize("key", sorted({key for key, _ in said_in_code()}))
def test_every_key_that_is_said_has_a_sentence(key: str) -> None:
    assert known(key)


def test_sentences_are_given_the_values_they_name() -> None:
    unfilled = {
        key: sorted(placeholders(key) - given)
        for key, call in said_in_code()
        if None not in (given := {argument.arg for argument in call.keywords}) and placeholders(key) - given
    }

    assert unfilled == {}


def test_values_are_given_to_sentences_that_name_them() -> None:
    unheard = {
        key: sorted(idle)
        for key, call in said_in_code()
        if (idle := {argument.arg for argument in call.keywords if argument.arg} - placeholders(key) - {"count"})
    }

    assert unheard == {}


@pytest.mark.parametrize("error", DomainError.__subclasses__(), ids=lambda error: error.__name__)
def test_every_error_has_a_sentence_that_its_values_fill(error: type[DomainError]) -> None:
    fields = error.__dataclass_fields__  # type: ignore[attr-defined]  # each of them is a dataclass

    assert known(error.key)
    assert placeholders(error.key) <= {*fields, "count"}


@pytest.mark.parametrize("key", REASONS)
def test_every_reason_of_a_score_has_a_sentence_that_its_values_fill(key: str) -> None:
    assert known(key)
    assert placeholders(key) <= set(REASONS[key])


def test_no_sentence_stands_in_the_catalogue_in_vain() -> None:
    in_code = strings_in_code() | {error.key for error in DomainError.__subclasses__()}
    beginnings = tuple(each.removesuffix("*") for each in in_code if each.endswith(".*"))
    variants = (
        "_by_nobody_known",
        "_by_number",
        "_as_there_are_none",
        "_but_one_alike",
        "_but_elsewhere",
        "_and_none_alike",
        "_but_meant",
        "_behind",
        "_in_vain",
    )

    idle = {
        key for key in SENTENCES if key not in in_code and not key.startswith(beginnings) and not key.endswith(variants)
    }

    assert idle == set()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_every_sentence_and_no_other(language: str) -> None:
    assert CATALOGUE_OF[language].keys() == SENTENCES.keys()
    assert [key for key, sentences in CATALOGUE_OF[language].items() if not all(sentences)] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_names_the_same_values(language: str) -> None:
    differing = {
        key: sentences
        for key, sentences in CATALOGUE_OF[language].items()
        if any(_named_in(sentence) != placeholders(key) for sentence in sentences)
    }

    assert differing == {}


@pytest.mark.parametrize("language", CATALOGUE_OF)
def test_marks_stand_where_slack_takes_them_for_marks(language: str) -> None:
    """Beside a letter, or a Chinese punctuation mark, an asterisk is an asterisk to Slack."""
    unseen = {
        key: match[0]
        for key, sentences in CATALOGUE_OF[language].items()
        for sentence in sentences
        for match in MARKED.finditer(sentence)
        if re.search(r"\w|[^\x00-\x7f]", sentence[: match.start()][-1:] + sentence[match.end() :][:1])
    }

    assert unseen == {}


@pytest.mark.parametrize("language", CATALOGUE_OF)
def test_what_a_sentence_says_one_can_type_one_can_type(language: str, desk: Desk) -> None:
    """Whether or not it makes sense of what is there just now."""
    desk.team.adds("Stark").win(by=None, at=MONDAY, via=Via.COMMAND)
    desk.team.workspace.add_field("Colour")
    say = Say(language.replace("_", "-"))
    typed = {
        *_commands(language),
        *(IN_CHINESE if language == "en" else IN_CHINESE.values()),
        *(shown_to(intent, language).filled({**SPOKEN_OF, **told_in_example(intent, say)}) for intent in INTENTS),
    }

    for line in sorted(typed):
        if not desk.team.deals.has_open("Acme"):
            desk.team.adds("Acme")
        fault = _fault_of(line, desk, locale=say.locale)
        assert fault in {"", *OF_WHAT_IS_THERE}, line

    assert len(typed) > 150


def _fault_of(line: str, desk: Desk, *, locale: str) -> str:
    """What is wrong with a command, which changes nothing."""
    with desk.team.session.begin_nested() as aside:
        try:
            desk.types(line, locale=locale)
        except DomainError as fault:
            return type(fault).__name__
        finally:
            aside.rollback()
    return ""


def test_a_chinese_sentence_names_commands_and_settings_in_chinese() -> None:
    in_chinese = {
        command: {verb for name, verb in ALIASES[command].items() if not name.isascii()} | {"set"}
        for command in COMMANDS
    }

    in_english = [
        line
        for line in (*_commands("zh_CN"), *IN_CHINESE.values())
        for command, verb, *rest in [[*line.split(), "查看"]]
        if (ALIASES[command].get(verb, verb) in in_chinese[command] and verb.isascii())
        or (verb == "设置" and command == "/funnel" and rest and rest[0].isascii())
    ]

    assert in_english == []


def test_every_command_that_is_shown_as_an_example_has_its_chinese() -> None:
    in_code = [each for each in strings_in_code() if re.match(r"/(?:deal|funnel) \S+ [^{<*]*[^{<*\s]$", each)]
    chinese = {**IN_CHINESE, **MEANT_IN_CHINESE}

    assert sorted(each for each in in_code if each not in {*chinese, *chinese.values()}) == []
    assert [intent.command for intent in INTENTS if intent.command not in chinese] == []


def test_a_fault_gives_its_example_in_chinese(desk: Desk) -> None:
    with pytest.raises(DomainError) as fault:
        desk.types("/funnel 设置 时区 月球", locale="zh-CN")

    assert "`/funnel 设置 时区 Asia/Shanghai`" in worded(fault.value, Say("zh-CN")).text


SPOKEN_OF = {"deal": "Acme", "stage": "Proposal", "person": "@bob", "amount": "15k", "date": "2026-04-01"}
FILLED = {
    **{"name": "Acme", "target": "Proposal", "stage": "Proposal", "pipeline": "Sales", "field": "Colour"},
    **{"plan": "EUR", "base": "EUR", "currency": "USD", "number": "1", "every": "a month"},
}
OF_WHAT_IS_THERE = {
    *("ChannelUnknown", "DealIsOpen", "DealNotFound", "DealNotWon", "FieldUnknown", "MemberNotFound", "NameTaken"),
    *(
        "NobodyReports",
        "NoModelServes",
        "NothingToUndo",
        "PipelineNotFound",
        "PlanNotFound",
        "PlaybookHasNot",
        "ScheduleNotFound",
    ),
    *("SelectionUnknown", "StageNotFound", "TargetNotFound", "TaskNotFound", "WordsMissing"),
}
"""Faults of commands that are understood."""


def _commands(language: str) -> Iterator[str]:
    """What can be typed as it stands in sentences, with something for each value and each `…`."""
    filled_with = {**FILLED, "day": Say(language.replace("_", "-")).value(date(2026, 2, 1))}
    for key, sentences in CATALOGUE_OF[language].items():
        for line in (command for sentence in sentences for command in COMMAND.findall(sentence)):
            is_example = key.startswith("help.")
            filled = line if is_example else re.sub(r"\{(\w+)\}", lambda match: filled_with[match[1]], line)
            yield filled.replace("{{", "{").replace("}}", "}").replace("…", "Proposal")


def test_who_reads_chinese_in_slack_is_answered_in_chinese(office: Office, slack: SlackDouble) -> None:
    slack.add_user("UMEI", name="mei", real_name="梅", tz="Asia/Shanghai", locale="zh-CN")
    slack.add_channel("C2", "销售", members=["UMEI"])

    office.types("/deal 新建 华为云 ¥3万 预计成交日期 3月15日", user="UMEI", channel="C2")
    office.types("/deal 推进 阿里云", user="UMEI", channel="C2")
    office.types("/deal advance 阿里云")

    card = slack.last_post("C2")
    assert card.text == "梅 新建了商机 *华为云*"
    assert "*预计成交日期*\n2026年3月15日" in texts_in(card.blocks)
    assert "推进到 初步接触" in texts_in(card.blocks)
    assert slack.ephemerals("UMEI")[-1].text.startswith("没有找到名为 *阿里云* 的商机。")
    assert slack.ephemerals("UANN")[-1].text.startswith("No deal called *阿里云*.")
    assert slack.refused == []


def test_who_chooses_a_language_is_spoken_to_in_it_also_when_something_goes_wrong(
    office: Office, slack: SlackDouble
) -> None:
    office.types("/funnel set language 中文", user="UBOB")
    office.types("/deal show 阿里云", user="UBOB")
    office.types("/deal show 阿里云", user="UANN")
    office.types("/funnel 设置 语言 slack", user="UBOB")
    office.types("/deal show 阿里云", user="UBOB")

    assert slack.ephemerals("UBOB")[0].text.startswith("今后我用中文和你交流。")
    assert slack.ephemerals("UBOB")[1].text.startswith("没有找到名为")
    assert slack.ephemerals("UANN")[-1].text.startswith("No deal called")
    assert slack.ephemerals("UBOB")[2].text.startswith("I now write to you in the language of your Slack")
    assert slack.ephemerals("UBOB")[-1].text.startswith("No deal called")


def test_a_sentence_is_cut_where_somebody_typed_a_novel() -> None:
    said = worded(errors.DealNotFound("x" * 3_000), Say("en", "UTC"))

    assert len(said.text) < 600
