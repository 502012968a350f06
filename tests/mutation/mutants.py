"""Small wrongs that a test should notice: one changed operator, number, word or statement each."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}  # fmt: skip
_Function = ast.FunctionDef | ast.AsyncFunctionDef
Change = tuple[str, object]
"""A field of a node and what it becomes; without a field a raise becomes a look."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong: where it stands and what it is, the same whatever is written around it."""

    line: int
    where: str
    """The function it is in, "" for the module itself (constants, defaults, classes' fields)."""
    what: str
    constant: str
    """The constant it changes, "" for none."""
    lines: frozenset[int]
    """Lines that run when it does."""
    place: int
    change: Change

    def tree(self, source: str) -> ast.Module:
        """The whole module with it."""
        tree = ast.parse(source)
        node = next(each for n, each in enumerate(ast.walk(tree)) if n == self.place)
        _apply(node, self.change)
        return ast.fix_missing_locations(tree)


def mutants(source: str) -> list[Mutant]:
    """Every wrong this knows for a module, in the order of its lines."""
    tree = ast.parse(source)
    skipped = _not_code(tree)
    functions, lines, constants = _functions(tree), _lines(tree), _constants(tree)
    found: list[Mutant] = []
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in skipped:
            continue
        for what, change in _wrongs(node):
            text = f"{what}: {_short(ast.unparse(node))} -> {_short(_after(node, change))}"
            line, where = getattr(node, "lineno", 0), functions.get(id(node), "")
            ran = lines.get(id(node), frozenset({line}))
            name = constants.get(id(node), "")
            found.append(Mutant(line, where, text, name, ran, place, change))
    found.sort(key=lambda each: (each.line, each.what))
    seen: Counter[tuple[str, str]] = Counter()
    named = []
    for each in found:
        key = (each.where, each.what)
        seen[key] += 1
        number = f" ({seen[key]})" if seen[key] > 1 else ""
        named.append(replace(each, what=each.what + number))
    return named


def _wrongs(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Compare(ops=ops):
            for n, op in enumerate(ops):
                yield "compare", ("ops", [*ops[:n], _COMPARE[type(op)](), *ops[n + 1 :]])
        case ast.BinOp(op=op) if type(op) in _BINARY:
            yield "arithmetic", ("op", _BINARY[type(op)]())
        case ast.AugAssign(op=op) if type(op) in _BINARY:
            yield "arithmetic", ("op", _BINARY[type(op)]())
        case ast.BoolOp(op=op):
            yield "logic", ("op", ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not", ("operand", ast.UnaryOp(ast.Not(), operand))
        case ast.UnaryOp(op=ast.USub()):
            yield "sign", ("op", ast.UAdd())
        case ast.Constant(value=bool() as value):
            yield "truth", ("value", not value)
        case ast.Constant(value=int() as value):
            yield "number", ("value", value + 1)
        case ast.Constant(value=str() as value) if value:
            # In the middle: a test may look for a code as a part of what is said.
            half = len(value) // 2
            yield "word", ("value", f"{value[:half]}X{value[half:]}")
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            if not isinstance(test, ast.Constant):
                yield "never", ("test", ast.Constant(False))
                if not isinstance(node, ast.While):
                    yield "always", ("test", ast.Constant(True))
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "returns nothing", ("value", ast.Constant(None))
        case ast.Call(func=ast.Name(id="min" | "max" as name) as func):
            yield "bound", ("func", ast.Name("max" if name == "min" else "min", func.ctx))
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield "left out", ("value", ast.Constant(None))
        case ast.Raise():
            yield "not raised", ("", None)


def _apply(node: ast.AST, change: Change) -> None:
    field, value = change
    if field:
        setattr(node, field, value)
    else:
        assert isinstance(node, ast.Raise)
        exc = node.exc
        node.__class__ = ast.Expr  # type: ignore[assignment]
        node.value = exc or ast.Constant(None)  # type: ignore[attr-defined]


def _after(node: ast.AST, change: Change) -> str:
    field, value = change
    if not field:
        return "pass"
    before = getattr(node, field)
    setattr(node, field, value)
    text = ast.unparse(node)
    setattr(node, field, before)
    return text


def _functions(tree: ast.Module) -> dict[int, str]:
    """Nodes that run inside a function, with the outermost one's name as `Class.method`."""
    found: dict[int, str] = {}

    def look(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, _Function):
                inside = [each for part in child.body for each in ast.walk(part)]
                found.update((id(each), prefix + child.name) for each in inside)
            elif isinstance(child, ast.ClassDef):
                look(child, f"{prefix}{child.name}.")

    look(tree, "")
    return found


def _constants(tree: ast.Module) -> dict[int, str]:
    """Nodes of plain values that a module gives a name of its own."""
    found: dict[int, str] = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and value is not None and _is_plain(value):
            found.update((id(each), target.id) for each in ast.walk(value))
    return found


def _is_plain(value: ast.AST) -> bool:
    calls = {"frozenset", "re.compile"}
    return all(
        ast.unparse(node.func) in calls
        if isinstance(node, ast.Call)
        else not isinstance(node, ast.Lambda | ast.Attribute) or ast.unparse(node) in calls
        for node in ast.walk(value)
    )


def functions_at(tree: ast.Module, lines: Iterable[int]) -> tuple[str, ...]:
    """Names of the functions whose bodies hold any of these lines."""
    inside = _functions(tree)
    wanted = set(lines)
    names = {
        inside[id(node)]
        for node in ast.walk(tree)
        if id(node) in inside and getattr(node, "lineno", 0) in wanted
    }
    return tuple(sorted(names))


def _lines(tree: ast.Module) -> dict[int, frozenset[int]]:
    """Lines of the statement each node is in; of a compound one, of its head."""
    found: dict[int, frozenset[int]] = {}
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt):
            continue
        body = getattr(statement, "body", None) or getattr(statement, "cases", None)
        first = body[0] if isinstance(body, list) and body else None
        start = getattr(first, "lineno", None) or getattr(
            getattr(first, "pattern", None), "lineno", None
        )
        last = max(statement.lineno, (start or 0) - 1) if start else statement.end_lineno
        own = frozenset(range(statement.lineno, (last or statement.lineno) + 1))
        # ast.walk meets the outer statement first, so what is inside gets its own lines later.
        found.update((id(each), own) for each in ast.walk(statement))
    return found


def _not_code(tree: ast.Module) -> set[int]:
    """Docstrings, annotations, assertions and imports: no test could or need see them changed."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        doc = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if doc or isinstance(node, ast.Assert | ast.Import | ast.ImportFrom):
            skipped |= {id(each) for each in ast.walk(node)}
        for field in ("annotation", "returns"):
            if isinstance(note := getattr(node, field, None), ast.AST):
                skipped |= {id(each) for each in ast.walk(note)}
        if isinstance(node, ast.Constant) and not str(node.value).isascii():
            # What people read: another wording is no wrong.
            skipped.add(id(node))
        if isinstance(node, ast.JoinedStr):
            # Words for people inside a message.
            skipped |= {id(each) for each in node.values if isinstance(each, ast.Constant)}
        if isinstance(node, ast.keyword) and node.arg == "strict":
            # zip's own assertion.
            skipped |= {id(each) for each in ast.walk(node)}
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            skipped |= {id(each) for each in ast.walk(node)}
        if isinstance(node, ast.ClassDef):
            # `frozen=True` and the like say how a class is kept, not what it does.
            kept = [*node.keywords, *node.decorator_list]
            skipped |= {id(each) for word in kept for each in ast.walk(word)}
    return skipped


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 70 else text[:67] + "..."
