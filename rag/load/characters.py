"""Characters as fonts give them, and as they are meant: widths, ligatures, radicals, bullets."""

from __future__ import annotations

import re
import unicodedata

HYPHEN = "\ufffe"
"""pdfium's mark for a hyphen that ends a line."""
CJK = (
    "\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U00020000-\U0003ffff"
)
"""Inside of a character class: Han, kana, and the full-width signs that stand among them."""
_HAN = re.compile(f"[{CJK}]")
_CJK_SPACE = re.compile(rf"(?<=[{CJK}])\s+(?=\S)|(?<=\S)\s+(?=[{CJK}])")
_HAN_SPACE = re.compile(rf"(?<=[{CJK}])\s+(?=[{CJK}])")
_CHAPTER = re.compile(r"^(第[一二三四五六七八九十百零〇\d]{1,4}[编篇章节])\s+")
"""Its space parts a chapter's number from its title, and is kept."""
_BULLETS = {
    "\uf0b7": "•", "\uf06c": "●", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\uf0a8": "□",
    "\uf0fe": "☑", "\uf06f": "□", "\uf06e": "■", "\uf075": "◆", "\uf0a1": "○", "\uf076": "❖",
    "\uf02d": "-", "\uf0f0": "⇨", "\uf0e0": "→", "\uf0a3": "□", "\uf052": "☑", "\uf071": "□",
}  # fmt: skip
"""Symbol and Wingdings signs that Word leaves in the private use area."""


def _meant() -> dict[int, str]:
    """Radicals, compatibility ideographs and ligatures -> the characters that a reader types."""
    ranges = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0xFB00, 0xFB06))
    plain = {
        code: unicodedata.normalize("NFKC", chr(code))
        for low, high in ranges
        for code in range(low, high + 1)
    }
    signs = {ord(sign): meant for sign, meant in _BULLETS.items()}
    controls = {code: "" for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\r"}
    return (
        controls
        | {k: v for k, v in (plain | signs).items() if v != chr(k)}
        | {
            0x02: HYPHEN,
            0xAD: "",
            0: "\ufffd",
        }
    )


_MEANT = _meant()
_ODD = re.compile(f"[{re.escape(''.join(map(chr, _MEANT)))}]")
_SPACE = re.compile(r"\s")


def meant(text: str) -> str:
    """`text` with font artefacts replaced, and no spaces where Chinese touches anything."""
    if text.isascii() and text.isprintable():
        return text
    if _ODD.search(text):
        text = text.translate(_MEANT)
    return _tight(text, _CJK_SPACE) if _SPACE.search(text) else text


def tight(text: str) -> str:
    """`text` without the spaces that spread Chinese words; those beside Latin stay."""
    return text if text.isascii() else _tight(text, _HAN_SPACE)


def _tight(text: str, spaces: re.Pattern[str]) -> str:
    chapter = _CHAPTER.match(text)
    if chapter:
        return f"{chapter[1]} {spaces.sub('', text[chapter.end() :])}"
    return spaces.sub("", text)


def is_cjk(character: str) -> bool:
    """Whether a character takes no spaces around it."""
    return character >= "\u2e80" and bool(_HAN.match(character))


def joined(first: str, second: str, *, figures: bool = False) -> str:
    """Two lines of one text joined: no space beside Chinese, a hyphen that ended a line stays.

    With `figures` (the narrow cells of a table) a figure broken in its middle is made whole.
    """
    first, second = first.rstrip(), second.lstrip()
    if not first or not second:
        return first or second
    if first[-1] == HYPHEN:
        return first[:-1] + "-" + second
    if is_cjk(first[-1]) or is_cjk(second[0]) or (figures and _broken_figure(first, second)):
        return first + second
    return f"{first} {second}"


_FIGURE_HEAD = re.compile(r"[-(（]?\$?\d{1,3}(?:,\d{3})*,?\d{0,3}\.?\d*$")
_FIGURE_TAIL = re.compile(r"[,.]?\d[\d,.]*[)）%％]?$|[%％)）]$")
_WHOLE_FIGURE = re.compile(r"[-(（]?\$?\d{1,3}(?:,\d{3})*(?:\.\d+)?[)）%％]*$")


def _broken_figure(first: str, second: str) -> bool:
    """ "1,234,5" over "67.89": neither is whole alone, together they are one figure."""
    if not (_FIGURE_HEAD.match(first) and _FIGURE_TAIL.match(second)):
        return False
    return bool(_WHOLE_FIGURE.match(first + second)) and "," in first + second
