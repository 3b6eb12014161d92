"""The commands as a person or a script meets them: exit codes, JSON, one-line errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

TEXT = """\
澄海样例股份有限公司
2024年年度报告

第一节 主要财务数据
2024年营业收入为1,234.50万元,比上年增长12.50%。
2024年末存货跌价准备为88.60万元。
公司研发人员共112人。
"""


def filings(home: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "FILINGS_"))}
    return subprocess.run(
        [sys.executable, "-m", "rag.cli", "--home", str(home), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
        env={**env, "PYTHONPATH": str(Path(__file__).parents[2]), **environ},
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one filing, vectors included."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "annual.txt").write_text(TEXT, encoding="utf-8")
    done = filings(folder / "home", "ingest", str(folder / "annual.txt"), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["pending"] == 0
    return folder / "home"


def test_help_names_every_command_and_is_quick() -> None:
    start = time.perf_counter()
    done = filings(Path("unused"), "--help")
    assert done.returncode == 0
    for name in ("ingest", "list", "remove", "doctor", "ask", "search", "ui", "eval"):
        assert name in done.stdout
    assert time.perf_counter() - start < 5, "generous: shared machines are slow at times"


def test_help_and_lexical_search_import_no_heavy_library(home: Path) -> None:
    code = (
        "import sys, rag.cli\n"
        f"code = rag.cli.main(['--home', {str(home)!r}, 'search', '--lexical', '--json', '营业收入'])\n"
        "heavy = {'torch', 'chromadb', 'gradio', 'sentence_transformers', 'langchain_openai', 'openai', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
        "raise SystemExit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stderr.strip() == "[]"


def test_ask_prints_the_json_of_the_contract(home: Path) -> None:
    done = filings(home, "ask", "澄海样例2024年营业收入是多少?", "--json")
    assert done.returncode == 0, done.stderr
    reply = json.loads(done.stdout)
    assert {"question", "text", "status", "citations", "checks", "model", "timings_ms"} <= set(
        reply
    )
    assert "1,234.50" in reply["text"]
    assert reply["status"] == "answered"
    assert reply["model"] == "extractive"
    citation = reply["citations"][0]
    assert {"n", "filing", "title", "source", "page", "section", "quote"} <= set(citation)
    assert citation["quote"] in TEXT


def test_search_prints_the_json_of_the_contract(home: Path) -> None:
    done = filings(home, "search", "存货跌价准备", "-k", "1", "--json")
    assert done.returncode == 0, done.stderr
    (hit,) = json.loads(done.stdout)["hits"]
    assert {"rank", "score", "filing", "title", "source", "page", "section", "kind", "text"} <= set(
        hit
    )
    assert "88.60" in hit["text"]


def test_list_shows_what_a_filing_is(home: Path) -> None:
    (filing,) = json.loads(filings(home, "list", "--json").stdout)["filings"]
    assert filing["company"] == "澄海样例股份有限公司"
    assert filing["embedded"] == filing["passages"] > 0


def test_doctor_finds_catalog_and_vectors_in_agreement(home: Path) -> None:
    done = filings(home, "doctor", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["sound"] is True


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("ask", ""), "the question is empty"),
        (("ask", "问" * 10_000), "the most is 4,000"),
        (("remove", "nosuchid"), "no filing 'nosuchid'"),
        (("search", "收入", "--filing", "nosuchid"), "filings list"),
        (("ask", "收入?", "--company", "别家公司"), "no filing of company"),
        (("ingest", "/no/such/path"), "no such file or folder"),
    ],
)
def test_bad_input_is_one_line_with_the_remedy_and_exit_1(
    home: Path, words: tuple[str, ...], message: str
) -> None:
    done = filings(home, *words)
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line.startswith("filings: ")]
    assert len(lines) == 1
    assert message in lines[0]
    assert "Traceback" not in done.stderr


def test_questions_before_any_filing_say_what_to_do(tmp_path: Path) -> None:
    done = filings(tmp_path / "new", "ask", "营业收入是多少?")
    assert done.returncode == 1
    assert "filings ingest PATH" in done.stderr


def test_wrong_usage_is_exit_2(home: Path) -> None:
    assert filings(home, "ask").returncode == 2
    assert filings(home, "search", "收入", "-k", "0").returncode == 2
    assert filings(home, "nonsense").returncode == 2


def test_a_setting_that_makes_no_sense_is_stated(home: Path) -> None:
    done = filings(home, "list", FILINGS_PROVIDER="telepathy")
    assert done.returncode == 1
    assert "use auto, openai, local or extractive" in done.stderr


def test_one_bad_file_is_reported_and_the_others_are_stored(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "empty.txt").write_text("")
    done = filings(tmp_path / "home", "ingest", str(tmp_path), "--defer-vectors", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert len(report["added"]) == 1
    assert report["pending"] > 0
    assert "is empty" in report["failed"][0]["reason"]


def test_a_second_writer_says_so_at_once(home: Path) -> None:
    from rag.lock import write_lock

    with write_lock(home / "write.lock"):
        start = time.perf_counter()
        done = filings(home, "ingest", __file__)
        assert time.perf_counter() - start < 20
    assert done.returncode == 1
    assert "another process is writing" in done.stderr


def test_a_model_endpoint_that_is_down_leaves_the_composed_answer(home: Path) -> None:
    done = filings(
        home, "ask", "澄海样例2024年营业收入是多少?", "--json",
        OPENAI_BASE_URL="http://127.0.0.1:9/v1", FILINGS_MODEL="any", FILINGS_MODEL_TIMEOUT="5",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    reply = json.loads(done.stdout)
    assert "1,234.50" in reply["text"]
    assert reply["model"] == "extractive"
    assert reply["notes"]
