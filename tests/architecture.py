"""Reads the source of ``syncagent`` and ``connectors`` and names every place that breaks the order of the house.

Nothing is imported: imports, names and sizes are read from the syntax tree, so the checks also see what is imported
inside functions, and also run on a part of the tree. Used by ``tests/unit/test_architecture.py``.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 80


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the house: a package or module directly below ``syncagent``, or ``connectors``.

    It may import every lower layer but what ``never`` names, and of its own layer what ``beside`` names.
    """

    layer: int
    never: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()

    def may_import(self, name: str, other: Unit) -> bool:
        return name in self.beside or (other.layer < self.layer and name not in self.never)


# The one table of layers (docs/architecture.md). Units of one layer do not know each other unless it says so here.
HOUSE: Mapping[str, Unit] = MappingProxyType(
    {
        "vocabulary": Unit(0),
        "model": Unit(0, beside=frozenset({"vocabulary"})),
        "errors": Unit(0),
        "clock": Unit(0),
        "ports": Unit(1),
        "formats": Unit(2),
        "config": Unit(
            2, beside=frozenset({"config_keys", "config_values", "formats"})
        ),  # formats: one way to read addresses for all
        "config_keys": Unit(2, beside=frozenset({"config_values", "formats"})),
        "config_values": Unit(2, beside=frozenset({"formats"})),
        "secrets": Unit(2, beside=frozenset({"config_keys"})),
        "logs": Unit(2),
        "crm": Unit(3),
        "reading": Unit(3),
        "matching": Unit(3),
        "rulebook": Unit(3),
        "connectors": Unit(3, never=frozenset({"config", "secrets", "logs"})),
        "sync": Unit(4, never=frozenset({"connectors"})),
        "drafting": Unit(4, never=frozenset({"connectors"})),
        "reports": Unit(4, never=frozenset({"connectors"})),
        "wiring": Unit(5),
        "work": Unit(5, beside=frozenset({"wiring"})),
        "cli": Unit(6, beside=frozenset({"daemon"})),  # `syncagent run` starts the daemon
        "daemon": Unit(6),
        "__main__": Unit(7),
    }
)
STANDARD_LIBRARY_ONLY_UP_TO_LAYER = 1

# Which library may be imported where; a name covers what lies below it.
QUARANTINE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "alembic": ("syncagent.crm",),
        "psycopg": ("syncagent.crm",),
        "sqlalchemy": ("syncagent.crm",),
        "sqlite3": ("syncagent.crm",),
        "exchangelib": ("connectors",),
        "google": ("connectors",),
        "google_auth_httplib2": ("connectors",),
        "google_auth_oauthlib": ("connectors",),
        "googleapiclient": ("connectors",),
        "httplib2": ("connectors",),
        "imapclient": ("connectors",),
        "msal": ("connectors",),
        "css_inline": ("syncagent.rulebook",),
        "jinja2": ("syncagent.rulebook",),
        "icalendar": ("syncagent.formats",),
        "selectolax": ("syncagent.formats",),
        "keyring": ("syncagent.secrets",),
        "vl_convert": ("syncagent.reports",),
        "click": ("syncagent.cli",),
        "rich": ("syncagent.cli",),
    }
)

WALL_CLOCK = frozenset(
    {
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "time.gmtime",
        "time.localtime",
        "time.monotonic",
        "time.monotonic_ns",
        "time.perf_counter",
        "time.perf_counter_ns",
        "time.sleep",
        "time.time",
        "time.time_ns",
    }
)
CLOCK_HOME = "syncagent.clock"
PRINT_HOME = "syncagent.cli"
PACKAGES = ("connectors", "syncagent")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: its absolute dotted path, its line, and whether it is imported when the module loads."""

    target: str
    line: int
    at_load: bool


@dataclass(frozen=True)
class Module:
    """One source file."""

    name: str
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def unit(self) -> str | None:
        """The unit of the house that it belongs to; None for ``syncagent/__init__.py``."""
        return unit_of(self.name)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        return tuple(_imports(self))

    def at(self, line: int) -> str:
        return f"{self.path}:{line}"


def unit_of(name: str) -> str | None:
    """The unit that a dotted name of ours lies in; None for anything else and for the bare package ``syncagent``."""
    first, _, rest = name.partition(".")
    if first == "connectors":
        return first
    return rest.partition(".")[0] or None if first == "syncagent" else None


def below(name: str, *homes: str) -> bool:
    """Whether a dotted name is one of ``homes`` or lies below one."""
    return any(name == home or name.startswith(f"{home}.") for home in homes)


def read_tree(root: Path) -> list[Module]:
    """Every module of our packages below ``root``; packages that are not there yet are simply absent."""
    modules = []
    for path in sorted(file for package in PACKAGES for file in (root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules.append(Module(name, path.relative_to(root), path.read_text(encoding="utf-8")))
    return modules


def _imports(module: Module) -> Iterator[Import]:
    def walk(node: ast.AST, at_load: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                yield from walk(child, False)
            elif isinstance(child, ast.If) and _is_type_checking(child.test):
                for part in child.body:
                    yield from walk(ast.Module([part], []), False)
                for part in child.orelse:
                    yield from walk(ast.Module([part], []), at_load)
            else:
                yield from (Import(target, getattr(child, "lineno", 0), at_load) for target in _targets(module, child))
                yield from walk(child, at_load)

    return walk(module.tree, True)


def _is_type_checking(test: ast.expr) -> bool:
    return "TYPE_CHECKING" in {getattr(test, "id", None), getattr(test, "attr", None)}


def _targets(module: Module, node: ast.AST) -> list[str]:
    """What one node imports, as absolute names; also through import_module("name")."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = module.name.split(".")
            kept = parts[: len(parts) - node.level + (1 if module.is_package else 0)]
            base = ".".join([*kept, *filter(None, [base])])
        return [base if alias.name == "*" else f"{base}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and node.args:
        first = node.args[0]
        if _called(node) in {"import_module", "__import__"} and isinstance(first, ast.Constant):
            return [first.value] if isinstance(first.value, str) else []
    return []


def _called(call: ast.Call) -> str | None:
    """The last part of the name that is called."""
    return getattr(call.func, "id", None) or getattr(call.func, "attr", None)


def wrong_layers(modules: Iterable[Module]) -> Iterator[str]:
    """Imports against the layers, and units that have no layer."""
    for module in modules:
        unit = module.unit
        if unit is None:
            continue  # the package's own __init__, which imports nothing at all: wrong_shape
        if unit not in HOUSE:
            yield f"{module.path}: {unit} has no layer; give it one in HOUSE (tests/architecture.py)"
            continue
        for item in module.imports:
            other = unit_of(item.target)
            if other is None or other == unit:
                continue
            if other not in HOUSE:
                yield f"{module.at(item.line)}: imports {item.target}, which has no layer"
            elif not HOUSE[unit].may_import(other, HOUSE[other]):
                yield (
                    f"{module.at(item.line)}: {unit} (layer {HOUSE[unit].layer}) must not know "
                    f"{other} (layer {HOUSE[other].layer}): {item.target}"
                )


def wrong_libraries(modules: Iterable[Module]) -> Iterator[str]:
    """Libraries outside of their quarantine, and any library at all in the lowest layers."""
    for module in modules:
        unit = HOUSE.get(module.unit or "")
        for item in module.imports:
            top = item.target.partition(".")[0]
            if top in QUARANTINE and not below(module.name, *QUARANTINE[top]):
                yield f"{module.at(item.line)}: {top} may be imported only in {', '.join(QUARANTINE[top])}"
            elif (
                unit is not None
                and unit.layer <= STANDARD_LIBRARY_ONLY_UP_TO_LAYER
                and top not in sys.stdlib_module_names
                and top not in PACKAGES
            ):
                yield f"{module.at(item.line)}: layer {unit.layer} lives on the standard library alone, not on {top}"


def wrong_names(modules: Iterable[Module]) -> Iterator[str]:
    """Uses of the wall clock, of sleep and of print outside of their home."""
    for module in modules:
        names = {
            alias.asname or alias.name.partition(".")[0]: alias.name if alias.asname else alias.name.partition(".")[0]
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        names |= {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ImportFrom) and node.module and not node.level
            for alias in node.names
        }
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Name | ast.Attribute):
                continue
            dotted = _dotted(node, names)
            if dotted in WALL_CLOCK and not below(module.name, CLOCK_HOME):
                yield f"{module.at(node.lineno)}: {dotted} belongs in clock.py; ask the clock that was handed in"
            if dotted == "print" and not below(module.name, PRINT_HOME):
                yield f"{module.at(node.lineno)}: print belongs in cli/"


def _dotted(node: ast.expr, names: Mapping[str, str]) -> str | None:
    """The absolute dotted name that an expression stands for, through the module's own imports."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value, names)
        return f"{base}.{node.attr}" if base else None
    return None


def wrong_shape(modules: Iterable[Module]) -> Iterator[str]:
    """Modules and functions that are too long, nameless or mute, and ``__init__`` files that do something."""
    for module in modules:
        if module.path.name in {"utils.py", "util.py"} or "utils" in module.path.parts:
            yield f"{module.path}: a module is named for what it answers for, not utils"
        if module.is_package and len(module.tree.body) > bool(ast.get_docstring(module.tree)):
            yield f"{module.path}: __init__ holds a docstring or nothing; import from the module itself"
        if not module.is_package and not ast.get_docstring(module.tree):
            yield f"{module.path}: begins without a sentence on what it answers for"
        lines = module.text.count("\n")
        if lines > MAX_MODULE_LINES:
            yield f"{module.path}: {lines} lines, more than {MAX_MODULE_LINES}; split it by noun"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    yield (
                        f"{module.at(node.lineno)}: {node.name} has {length} lines, "
                        f"more than {MAX_FUNCTION_LINES}; split it by noun"
                    )


def swallowed_errors(modules: Iterable[Module]) -> Iterator[str]:
    """Handlers that catch everything unnamed, or catch everything and say nothing."""
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler):
                if node.type is None:
                    yield f"{module.at(node.lineno)}: a bare except; name what is expected"
                elif _catches_all(node.type) and all(_says_nothing(step) for step in node.body):
                    yield f"{module.at(node.lineno)}: an error is swallowed in silence"
            elif isinstance(node, ast.Call) and _called(node) == "suppress" and any(map(_catches_all, node.args)):
                yield f"{module.at(node.lineno)}: an error is swallowed in silence"


def _catches_all(caught: ast.expr) -> bool:
    options = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(getattr(option, "id", None) in {"Exception", "BaseException"} for option in options)


def _says_nothing(step: ast.stmt) -> bool:
    return isinstance(step, ast.Pass | ast.Continue | ast.Break) or (
        isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)
    )


def cycles(modules: Iterable[Module]) -> Iterator[str]:
    """Rings of modules that import each other while they load."""
    known = {module.name: module for module in modules}
    edges = {
        name: sorted({target for item in module.imports if item.at_load and (target := _module_of(item.target, known))})
        for name, module in known.items()
    }
    done: set[str] = set()
    for start in sorted(edges):
        yield from _rings_from(start, edges, done)


def _module_of(target: str, known: Mapping[str, Module]) -> str | None:
    """The module that is loaded for an imported name: the name itself, or what it is taken out of."""
    while target and target not in known:
        target = target.rpartition(".")[0]
    return target or None


def _rings_from(start: str, edges: Mapping[str, list[str]], done: set[str]) -> Iterator[str]:
    """Depth first with an explicit path, so that a ring is shown whole."""
    path: list[str] = []
    pending = [(start, iter(edges[start]))] if start not in done else []
    path += [name for name, _ in pending]
    while pending:
        name, rest = pending[-1]
        following = next(rest, None)
        if following is None:
            pending.pop()
            done.add(path.pop())
        elif following in path and following != name:
            yield "import cycle: " + " -> ".join([*path[path.index(following) :], following])
        elif following not in done and following != name:
            path.append(following)
            pending.append((following, iter(edges[following])))


CHECKS = (wrong_layers, wrong_libraries, wrong_names, wrong_shape, swallowed_errors, cycles)
