from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from rag.errors import UnsafeDocument
from ui.uploads import Limits, forget, safe_name, stage, within

KNOWN = frozenset({".txt", ".pdf"})


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refusals(files: list[tuple[Path, str]], folder: Path, **options: Limits) -> list[str]:
    taken, refused = stage(files, folder, suffixes=KNOWN, **options)
    assert taken == []
    return [str(error) for _, error in refused]


def test_a_file_is_kept_under_its_own_name_in_a_folder_of_its_content(tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_text("年报")
    (taken,), _ = stage([(upload, "2024 年报（修订稿）.txt")], tmp_path / "home", suffixes=KNOWN)
    assert taken.name == "2024 年报（修订稿）.txt"
    assert taken.read_text() == "年报"


def test_two_files_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    files = [(tmp_path / "a", "report.txt"), (tmp_path / "b", "report.txt")]
    taken, _ = stage(files, tmp_path / "home", suffixes=KNOWN)
    assert [path.read_text() for path in taken] == ["a", "b"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\report.txt", "report.txt"),
        ('a<b>:"|?*.txt', "a_b_.txt"),
        ("..", "upload"),
        ("x" * 300 + ".txt", "x" * 100 + ".txt"),
    ],
)
def test_names_lose_whatever_a_file_system_gives_meaning_to(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_an_archive_gives_its_known_members_and_passes_over_the_rest(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "a.zip", {"x/a.txt": b"a", "b.exe": b"b", "__MACOSX/a.txt": b"", ".c.txt": b""}
    )
    taken, refused = stage([(path, "a.zip")], tmp_path / "home", suffixes=KNOWN)
    assert [p.name for p in taken] == ["a.txt"]
    assert refused == []


def test_names_from_chinese_windows_are_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("0123456789.txt", b"x")
    raw = "年报摘要甲.txt".encode("gb18030")
    assert len(raw) == len("0123456789.txt")
    path = tmp_path / "a.zip"
    path.write_bytes(buffer.getvalue().replace(b"0123456789.txt", raw))
    (taken,), _ = stage([(path, "a.zip")], tmp_path / "home", suffixes=KNOWN)
    assert taken.name == "年报摘要甲.txt"


def test_a_path_out_of_the_archive_is_refused_with_nothing_kept(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"good.txt": b"a", "../evil.txt": b"b"})
    (refusal,) = refusals([(path, "a.zip")], tmp_path / "home")
    assert "outside the archive" in refusal
    assert not list(tmp_path.rglob("*.txt"))


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    (refusal,) = refusals([(path, "a.zip")], tmp_path / "home")
    assert "outside the archive" in refusal


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"0" * 5_000_000})
    assert path.stat().st_size < 20_000
    (refusal,) = refusals([(path, "a.zip")], tmp_path / "home")
    assert "times its size" in refusal


def test_limits_hold_for_files_sizes_and_numbers(tmp_path: Path) -> None:
    many = zipped(tmp_path / "many.zip", {f"{i}.txt": b"x" for i in range(4)})
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 2_000_001)
    limits = Limits(files=3, file_bytes=2_000_000)
    found = refusals([(many, "many.zip"), (large, "large.txt")], tmp_path / "home", limits=limits)
    assert "at most 3" in found[0]
    assert "larger than" in found[1]
    with pytest.raises(UnsafeDocument, match="at most 3"):
        stage([(large, "a.txt")] * 4, tmp_path / "home", suffixes=KNOWN, limits=limits)


def test_a_lie_about_a_members_size_is_found_out(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": bytes(range(256)) * 40})
    true, lie = (10_240).to_bytes(4, "little"), (10).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true, lie))
    (refusal,) = refusals([(path, "a.zip")], tmp_path / "home", limits=Limits(file_bytes=5_000))
    assert "a.zip" in refusal


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", "not supported"),
        ("a.zip", b"not a zip", "not a readable zip"),
        ("a.zip", b"", "not a readable zip"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_remedy(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    upload = tmp_path / "upload"
    upload.write_bytes(content)
    (refusal,) = refusals([(upload, name)], tmp_path / "home")
    assert words in refusal
    assert name in refusal


def test_only_files_inside_the_folder_are_within_it(tmp_path: Path) -> None:
    inside = tmp_path / "in" / "a.txt"
    inside.parent.mkdir()
    inside.touch()
    (tmp_path / "b.txt").touch()
    link = tmp_path / "in" / "link.txt"
    link.symlink_to(tmp_path / "b.txt")
    assert within(inside, tmp_path / "in")
    assert not within(tmp_path / "in" / ".." / "b.txt", tmp_path / "in")
    assert not within(link, tmp_path / "in")
    assert not within(tmp_path / "in", tmp_path / "in")


def test_removal_deletes_our_copy_and_never_a_file_elsewhere(tmp_path: Path) -> None:
    home, own = tmp_path / "home", tmp_path / "own.txt"
    own.write_text("x")
    (copy,), _ = stage([(own, "own.txt")], home, suffixes=KNOWN)
    forget(str(own), home)
    assert own.exists()
    forget(str(copy), home)
    assert not copy.exists()
