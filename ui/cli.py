"""`filings ui`: its arguments, and starting the server. Gradio is imported only to serve."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Any

from rag.errors import SettingsError
from rag.settings import Settings
from ui.auth import add_user, hash_password, read_users

PASSWORD_VARIABLE = "FILINGS_UI_PASSWORD"


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Add the command `ui` to the subparsers of `filings`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "ui",
        help="chat about the filings in the browser",
        description="Serve the chat, an API and, with --mcp, MCP tools. Loopback unless --host.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=7860, help="port (%(default)s)")
    parser.add_argument("--mcp", action="store_true", help="serve search and ask as MCP tools too")
    parser.add_argument(
        "--user",
        metavar="NAME",
        help=f"ask for this login; password from {PASSWORD_VARIABLE} or asked for",
    )
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="logins, name:hash a line"
    )
    parser.add_argument("--add-user", metavar="NAME", help="add a login to --password-file and end")
    parser.add_argument(
        "--anyone", action="store_true", help="no login although other machines can reach it"
    )
    parser.set_defaults(run=main)
    parser.add_argument("--root-path", default="", help="path under a reverse proxy, as /filings")
    return parser


def main(args: argparse.Namespace, settings: Settings) -> int:
    """Serve until interrupted; 0 at the end. Raises FilingsError for what is not set up."""
    if args.add_user:
        if args.password_file is None:
            raise SettingsError("--add-user needs --password-file FILE to write to")
        add_user(args.password_file, args.add_user, _password(args.add_user))
        _say(f"{args.add_user} can log in with --password-file {args.password_file}")
        return 0
    users = _users(args)
    from rag.build import Workspace
    from ui.app import launch

    workspace = Workspace(settings)
    blocks, url = launch(
        workspace,
        host=args.host,
        port=args.port,
        block=False,
        reopen=Workspace,
        users=users,
        anyone=args.anyone,
        mcp=args.mcp,
        root_path=args.root_path,
    )
    _say(f"filings-qa is at {url} (Ctrl+C ends it)")
    if args.mcp:
        _say(f"MCP endpoint: {url.rstrip('/')}/gradio_api/mcp/")
    try:
        blocks.block_thread()
    finally:
        blocks.desk.close()
        workspace.close()
    return 0


def _users(args: argparse.Namespace) -> dict[str, str]:
    users = read_users(args.password_file) if args.password_file else {}
    if args.user:
        users[args.user] = hash_password(_password(args.user))
    return users


def _password(name: str) -> str:
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is None and not sys.stdin.isatty():
        raise SettingsError(f"no password for {name}; set {PASSWORD_VARIABLE} or use a terminal")
    return given if given is not None else getpass.getpass(f"Password for {name}: ")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
