"""Checks a built wheel: what it holds, and that it works without the source tree beside it.

Run by .ci/run as `python tests/wheel_smoke.py FILE.whl`; not a pytest file, since it needs a wheel.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

NEEDED = (
    "rag/cli.py",
    "rag/retrieve/lexicon.tsv",
    "rag/py.typed",
    "prompts/answer.zh.md",
    "eval/gates.toml",
    "ui/__init__.py",
)


def main(wheel: Path) -> int:
    names = zipfile.ZipFile(wheel).namelist()
    missing = [name for name in NEEDED if name not in names]
    stray = [name for name in names if name.startswith(("tests/", "data/", "docs/"))]
    if missing or stray:
        print(f"wheel: missing {missing}, stray {stray}")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "site")
        install = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            str(target),
            str(wheel),
        ]
        subprocess.run(install, check=True)
        text = Path(folder, "note.txt")
        text.write_text(
            "澄海样例股份有限公司2024年度报告\n2024年营业收入为1,234.50万元。\n", encoding="utf-8"
        )
        code = (
            "from rag import Settings, ingest\n"
            "from rag.build import Workspace\n"
            f"s = Settings(home={folder!r} + '/home')\n"
            f"report = ingest([{str(text)!r}], defer_vectors=True, settings=s)\n"
            "hits = Workspace(s).search('2024年营业收入', mode='lexical')\n"
            "assert '1,234.50' in hits[0].passage.text, hits\n"
            "import rag; assert rag.__file__.startswith(" + repr(str(target)) + ")\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            env={"PYTHONPATH": str(target), "PATH": "/usr/bin:/bin"},
            check=False,
        )
        print("wheel: works" if done.returncode == 0 else "wheel: does not work")
        return done.returncode


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
