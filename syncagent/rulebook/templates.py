"""Answers for letters: renders a rule's template over the facts of a decision. The only module that runs Jinja2.

Templates are data that other people write. They run in Jinja2's immutable sandbox, may call nothing, and use the parts
of the language that ``inspect`` allows: printing, ``if``, and loops over what is handed in. Lists and texts handed in
are bounded (``view``), loops nest twice at most and nothing computes, so the *time* of a rendering is bounded by
construction; its *size* is counted as it grows. An undefined name is an error, never an empty place in a letter.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import css_inline
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from syncagent.errors import ConfigProblems, Problem
from syncagent.model import TraceStep
from syncagent.rulebook import letter
from syncagent.rulebook.decide import Decision
from syncagent.rulebook.facts import MeetingFacts
from syncagent.rulebook.rule import Rule, Template
from syncagent.rulebook.source import at_line, unknown
from syncagent.rulebook.view import VOCABULARY, Fact, gap, view

MOST_OUTPUT = 50_000
MOST_NESTED_LOOPS = 2

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.And,
    nodes.Compare,
    nodes.CondExpr,
    nodes.Const,
    nodes.Filter,
    nodes.For,
    nodes.Getattr,
    nodes.If,
    nodes.List,
    nodes.Name,
    nodes.Not,
    nodes.Operand,
    nodes.Or,
    nodes.Output,
    nodes.Template,
    nodes.TemplateData,
    nodes.Tuple,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be placed. ``trace`` names each value in it with the field that it came from, and each gap."""

    subject: str
    text: str
    html: str
    language: str
    trace: tuple[TraceStep, ...]


def render(rule: Rule, facts: MeetingFacts, decision: Decision, *, now: datetime) -> Letter:
    """The letter of ``decision``, HTML and text from one source.

    Pure, and total over the facts: whatever text they hold ends up as text. Raises ``ConfigProblems`` naming file and
    line when the *template* or the style is at fault.
    """
    template = rule.templates[decision.language]
    used: list[TraceStep] = []
    names = view(facts, decision, now=now).names()
    composition = letter.compose(_run(template, names, used.append))
    style = rule.style
    try:
        html = letter.as_html(composition.blocks, language=decision.language, style=style)
    except css_inline.InlineError as error:
        raise _at_fault(template, None, f"the style cannot be used: {error}") from error
    if not composition.subject:
        raise _at_fault(template, 1, "the letter has no subject; begin the template with a line “Subject: …”")
    text = letter.as_text(composition.blocks)
    return Letter(composition.subject, text, html, decision.language, tuple(dict.fromkeys(used)))


def inspect(template: Template) -> list[Problem]:
    """What is wrong with a template as far as it can be seen without running it, each with file and line."""
    try:
        tree = _environment(lambda step: None).parse(template.text)
    except TemplateSyntaxError as error:
        return [Problem(at_line(template.file, error.lineno), error.message or "cannot be read")]
    except RecursionError:
        return [Problem(template.file, "is nested too deeply")]
    found = [(node.lineno, what) for node, loops in _walk(tree, 0, frozenset()) for what in _faults(node, *loops)]
    return [Problem(at_line(template.file, line), what) for line, what in dict.fromkeys(sorted(found))]


def _environment(note: Callable[[TraceStep], None]) -> ImmutableSandboxedEnvironment:
    # One for each rendering, so that nothing is shared between threads: compiling a letter takes a few milliseconds.
    # With its context handed in, Jinja2 never works out a constant ahead: only what is printed is noted.
    @pass_context
    def printed(context: Context, value: object) -> str:
        text = str(value)
        if isinstance(value, Fact) and text:
            verdict = "gap" if value.field == "gap" else "fact"
            note(TraceStep("letter", text, verdict, _origin(value.field)))
        return letter.MARK + text

    environment = _Sandbox(
        undefined=StrictUndefined, finalize=printed, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters.clear()
    environment.filters.update(_FILTERS)
    return environment


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, in which nothing at all can be called, nor methods be reached."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return super().is_safe_attribute(obj, attr, value) and not callable(value)

    def is_safe_callable(self, obj: Any) -> bool:
        return False


_FILTERS: dict[str, Callable[..., object]] = {"gap": gap, "length": len}


def _origin(field: str) -> str:
    return "Nothing is known here: left for the manager to fill." if field == "gap" else f"From {field}."


def _run(template: Template, names: dict[str, object], note: Callable[[TraceStep], None]) -> str:
    try:
        compiled = _environment(note).from_string(template.text)
        return "".join(_counted(compiled.generate(names), template))
    except TemplateSyntaxError as error:
        raise _at_fault(template, error.lineno, error.message or "cannot be read") from error
    except (TemplateError, TypeError) as error:
        frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename == "<template>"]
        raise _at_fault(template, frames[-1].lineno if frames else None, str(error)) from error


def _counted(chunks: Iterator[str], template: Template) -> Iterator[str]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_OUTPUT:
            raise _at_fault(template, None, f"the letter grows beyond {MOST_OUTPUT} characters")
        yield chunk


def _at_fault(template: Template, line: int | None, what: str) -> ConfigProblems:
    cure = "Run `syncagent rules check`."
    return ConfigProblems("rules", [Problem(at_line(template.file, line), what)], cure=cure)


def _walk(
    node: nodes.Node, depth: int, bound: frozenset[str]
) -> Iterator[tuple[nodes.Node, tuple[int, frozenset[str]]]]:
    """Each node with the number of loops around it and the names that they bind."""
    yield node, (depth, bound)
    for child in node.iter_child_nodes():
        if isinstance(node, nodes.For) and child is not node.iter:
            targets = {name.name for name in node.target.find_all(nodes.Name)}
            targets |= {node.target.name} if isinstance(node.target, nodes.Name) else set()
            yield from _walk(child, depth + 1, bound | targets | {"loop"})
        else:
            yield from _walk(child, depth, bound)


def _faults(node: nodes.Node, depth: int, bound: frozenset[str]) -> Iterator[str]:
    if not isinstance(node, _ALLOWED):
        yield f"a template cannot use “{type(node).__name__}”; it prints names, and uses if, for and the filter gap"
    if isinstance(node, nodes.For) and (node.recursive or depth >= MOST_NESTED_LOOPS):
        yield f"loops may nest {MOST_NESTED_LOOPS} deep and not call themselves"
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        yield unknown("filter", node.name, _FILTERS)
    if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in bound | VOCABULARY.keys():
        yield unknown("name", node.name, VOCABULARY)
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name not in bound:
        known = VOCABULARY.get(node.node.name)
        if known is not None and node.attr not in known:
            yield unknown(f"field of {node.node.name}", node.attr, known)
