"""Text layers that do not say what the page shows are told from those that do."""

from __future__ import annotations

import pytest

from rag.load.pdf.garbled import is_garbled, unlikely_share

CHINESE = "本公司报告期内实现营业收入1,234.56万元，同比增长12.5%（2023年：1,097.39万元）。" * 3
ENGLISH = "Revenue for the fiscal year rose by 12.5% to $46.3 billion, driven by higher sales. " * 6


@pytest.mark.parametrize(
    "text", [CHINESE, ENGLISH, "繁體中文年報內容與財務資料" * 5, "•  ", "α + β ≥ 0 ㎡ ① ☐" * 5, ""]
)
def test_real_text_is_not_garbled(text: str) -> None:
    assert not is_garbled(text)


@pytest.mark.parametrize(
    "text",
    [
        "\ufffd" * 50,
        "".join(chr(0xE000 + number) for number in range(200)),
        "".join(chr(0x4E00 + number * 37 % 0x51A0) for number in range(300)),
        "".join(chr(0x1950 + number % 90) for number in range(300)),
        "".join(chr(ord(c) - 29) if c.islower() else c for c in ENGLISH),
    ],
)
def test_fonts_without_a_map_show_in_the_share(text: str) -> None:
    assert is_garbled(text)


def test_the_share_counts_unlikely_characters() -> None:
    assert unlikely_share("公" * 80 + "\ue123" * 20) == pytest.approx(0.2)
    assert unlikely_share("\ue123") == 0.0
