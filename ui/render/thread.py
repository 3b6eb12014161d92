"""The conversation: questions, answers with what stands under them, and the turn being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from ui.conversations import Turn
from ui.html import act, joined, tag
from ui.render.answer import answer_body, checks_fold, draft_body, sources_list, status_line
from ui.render.icons import icon
from ui.render.nearest import nearest_list
from ui.strings import Say
from ui.understood import Word


def thread(
    turns: Sequence[Turn],
    *,
    say: Say,
    conversation: str = "",
    starters: Sequence[str] = (),
    understood: Sequence[Word] = (),
    live: Mapping[str, str] | None = None,
) -> Markup:
    """All turns of a conversation; with none, a welcome with questions to start from.

    `understood` are the words of the last question that can be taken out, `live` the drafts of
    turns that are being answered for another tab, or for this one before it was loaded again.
    """
    if not turns:
        body = _welcome(starters, say)
    else:
        last = len(turns) - 1
        running = live or {}
        body = joined(
            *(
                _running(turn, running[turn.id], say)
                if turn.id in running
                else _turn(turn, say, last=i == last, understood=understood if i == last else ())
                for i, turn in enumerate(turns)
            )
        )
    return tag("div", body, class_="fq-turns", data_conversation=conversation)


def _welcome(starters: Sequence[str], say: Say) -> Markup:
    return tag(
        "div",
        tag("h2", say("chat.welcome")),
        tag("p", say("chat.welcome.body")),
        suggestions(starters, say, "chat.starters"),
        class_="fq-welcome",
    )


def next_questions(questions: Sequence[str], say: Say) -> Markup:
    """What could be asked next, under the last answer."""
    found = suggestions(questions, say, "chat.followups")
    return tag("div", found, class_="fq-nextbox") if found else Markup("")


def _running(turn: Turn, draft: str, say: Say) -> Markup:
    return live_turn(turn.question, turn.scope, draft, say("chat.elsewhere"), say=say)


def suggestions(questions: Sequence[str], say: Say, title: str) -> Markup | None:
    """Questions as buttons that ask themselves."""
    if not questions:
        return None
    items = [tag("li", act("ask", question, data_question=question)) for question in questions]
    return tag("section", tag("h3", say(title)), tag("ul", *items), class_="fq-suggestions")


def _turn(turn: Turn, say: Say, *, last: bool, understood: Sequence[Word]) -> Markup:
    return tag(
        "article",
        _question(turn.question, turn.scope, say),
        _understood(turn, understood, say),
        _answer(turn, say),
        _actions(turn, say, last=last),
        class_="fq-turn",
        id=f"turn-{turn.id}",
    )


def _question(question: str, scope: str, say: Say) -> Markup:
    limited = tag("span", icon("pin"), scope, class_="fq-scoped") if scope else None
    return tag(
        "div",
        tag("h3", say("chat.you"), class_="fq-sr"),
        tag("p", question),
        limited,
        class_="fq-question",
    )


def _understood(turn: Turn, words: Sequence[Word], say: Say) -> Markup | None:
    """The question as it was understood: company, period and measure as chips to drop."""
    standalone = turn.answer.standalone if turn.answer else ""
    if not standalone and not words:
        return None
    told = say("chat.understood", question=standalone) if standalone else say("chat.understood.as")
    return tag(
        "div",
        tag("span", told),
        *(_word(word, turn, say) for word in words),
        class_="fq-understood",
        role="group",
        aria_label=say("chat.understood.as"),
    )


def _word(word: Word, turn: Turn, say: Say) -> Markup:
    return act(
        "without",
        tag("small", say(f"word.{word.role}")),
        word.text,
        icon("close"),
        class_="fq-tagchip",
        data_turn=turn.id,
        data_word=word.text,
        title=say("word.drop", name=word.text),
        aria_label=say("word.drop", name=word.text),
    )


def _answer(turn: Turn, say: Say) -> Markup:
    if turn.answer is None:
        words = say("chat.stopped" if turn.draft else "chat.interrupted")
        note = tag("p", icon("alert"), words, class_="fq-note")
        return tag("div", note, draft_body(turn.draft), class_="fq-answer fq-draft")
    answer = turn.answer
    return tag(
        "div",
        tag("h3", say("chat.answer"), class_="fq-sr"),
        status_line(answer, say),
        tag("div", answer_body(answer, turn.id, say), class_="fq-text"),
        *(tag("p", icon("alert"), note, class_="fq-note") for note in answer.notes),
        checks_fold(answer, turn.id, say),
        sources_list(answer, turn.id, say),
        nearest_list(answer, turn.id, say),
        class_="fq-answer",
    )


def _actions(turn: Turn, say: Say, *, last: bool) -> Markup:
    answered = turn.answer is not None
    return tag(
        "div",
        _action("copy", "copy", turn, say) if answered else None,
        _action("retry", "retry", turn, say) if last else None,
        _action("edit", "edit", turn, say),
        _thumb("up", "good", turn, say) if answered else None,
        _thumb("down", "bad", turn, say) if answered else None,
        class_="fq-actions",
        role="group",
    )


def _action(name: str, drawn: str, turn: Turn, say: Say) -> Markup:
    words = say(f"chat.{name}")
    return act(name, icon(drawn), tag("span", words), data_turn=turn.id, class_="fq-quiet")


def _thumb(verdict: str, name: str, turn: Turn, say: Say) -> Markup:
    words = say(f"chat.{name}")
    return act(
        "judge",
        icon(verdict),
        data_turn=turn.id,
        data_verdict=verdict,
        data_prompt=say("chat.reason") if verdict == "down" else None,
        class_="fq-iconbutton",
        title=words,
        aria_label=words,
        aria_pressed="true" if turn.verdict == verdict else "false",
    )


def live_turn(question: str, scope: str, draft: str, note: str, *, say: Say) -> Markup:
    """The turn that is being answered: `note` says what is happening, `draft` what is written."""
    return tag(
        "article",
        _question(question, scope, say),
        tag(
            "div",
            tag("p", tag("span", class_="fq-pulse"), note, class_="fq-note"),
            draft_body(draft),
            tag("p", say("chat.draft"), class_="fq-muted") if draft else None,
            class_="fq-answer fq-draft",
        ),
        class_="fq-turn fq-live",
        aria_busy="true",
    )
