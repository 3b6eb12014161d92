from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import ui
from ui.strings import STRINGS, language, speaker

SOURCES = "\n".join(
    file.read_text(encoding="utf-8") for file in sorted(Path(ui.__path__[0]).rglob("*.py"))
)
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("key", STRINGS)
def test_both_languages_take_the_same_values(key: str) -> None:
    zh, en = (
        {name for _, name, _, _ in Formatter().parse(words) if name} for words in STRINGS[key]
    )
    assert zh == en


def test_every_key_that_the_code_says_is_in_the_catalogue() -> None:
    said = set(re.findall(r'(?:\bsay\(|\btext\(lang,)\s*"([a-z_.]+)"', SOURCES))
    assert len(said) > 80
    assert said - set(STRINGS) == set()


def test_keys_that_are_put_together_in_the_code_are_all_there() -> None:
    said = re.findall(r'say\(\s*f"([a-z_.]+)\.\{', SOURCES)
    assert said
    assert all(any(key.startswith(prefix + ".") for key in STRINGS) for prefix in said)


def test_no_string_is_left_over() -> None:
    prefixes = set(re.findall(r'f["\']([a-z_.]+)\.\{', SOURCES))
    kept = {
        key
        for key in STRINGS
        if re.search(rf"[\"']{re.escape(key.removesuffix('.one'))}[\"'](?!: \()", SOURCES)
        or any(key.startswith(prefix + ".") for prefix in prefixes)
    }
    assert set(STRINGS) - kept == set()


def test_no_module_but_the_catalogue_holds_chinese_for_the_reader() -> None:
    allowed = {
        "strings.py",
        "starters.py",
        "understood.py",
        "suggest.py",
        "locate.py",
        "answer.py",
        "reports.py",
    }
    folder = Path(ui.__path__[0])
    found = {
        file.name
        for file in folder.rglob("*.py")
        if file.name not in allowed and re.search(r'["\'][^"\'\n]*[\u4e00-\u9fff]', _code(file))
    }
    assert found == set()


def _code(file: Path) -> str:
    """A module without its docstrings and comments."""
    text = re.sub(r'"""[\s\S]*?"""', "", file.read_text(encoding="utf-8"))
    return re.sub(r"#.*", "", text)


def test_one_thing_is_said_in_the_singular() -> None:
    say = speaker("en")
    assert say("checks.checked", n=1) == "1 figure checked"
    assert say("checks.checked", n=4) == "4 figures checked"
    assert speaker("zh")("checks.checked", n=4) == "4 个数字已核对"


def test_the_language_follows_the_browser() -> None:
    assert [language(tag) for tag in ("zh-CN", "zh", "en-GB", "fr", "")] == [
        "zh",
        "zh",
        "en",
        "en",
        "en",
    ]
