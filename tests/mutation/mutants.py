"""Small wrongs that a test should notice: one changed operator, number, word or statement each."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One wrong: the whole module's tree with it, and where and what it is."""

    tree: ast.Module
    line: int
    what: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every wrong this knows for a module, in the order of its lines."""
    tree = ast.parse(source)
    skipped = _not_code(tree)
    places = [node for node in ast.walk(tree) if id(node) not in skipped]
    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
    found: list[Mutant] = []
    for node in places:
        for what, change in _wrongs(node):
            wrong = copy.deepcopy(tree)
            twin = list(ast.walk(wrong))[numbers[id(node)]]
            before = ast.unparse(node)
            _apply(twin, change)
            after = ast.unparse(twin)
            line = getattr(node, "lineno", 0)
            text = f"{what}: {_short(before)} -> {_short(after)}"
            found.append(Mutant(ast.fix_missing_locations(wrong), line, text))
    yield from sorted(found, key=lambda each: (each.line, each.what))


Change = tuple[str, object]


def _wrongs(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARE:
            yield "compare", ("ops", [_COMPARE[type(op)]()])
        case ast.BinOp(op=op) if type(op) in _BINARY:
            yield "arithmetic", ("op", _BINARY[type(op)]())
        case ast.AugAssign(op=op) if type(op) in _BINARY:
            yield "arithmetic", ("op", _BINARY[type(op)]())
        case ast.BoolOp(op=op):
            yield "logic", ("op", ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield "not", ("op", ast.UAdd())
        case ast.Constant(value=bool() as value):
            yield "truth", ("value", not value)
        case ast.Constant(value=int() as value):
            yield "number", ("value", value + 1)
        case ast.Constant(value=str() as value) if value:
            yield "word", ("value", value + "X")
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
            yield "not raised", ("", ast.Pass())


def _apply(node: ast.AST, change: Change) -> None:
    field, value = change
    if field:
        setattr(node, field, value)
    elif isinstance(node, ast.Raise):
        # A raise that does nothing: it evaluates what it would have raised.
        node.__class__ = ast.Expr  # type: ignore[assignment]
        node.value = node.exc or ast.Constant(None)  # type: ignore[attr-defined]


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
        if isinstance(node, ast.JoinedStr):
            # Words for people inside a message.
            skipped |= {id(each) for each in node.values if isinstance(each, ast.Constant)}
        if isinstance(node, ast.ClassDef):
            # `frozen=True` and the like say how a class is kept, not what it does.
            skipped |= {id(each) for word in node.keywords for each in ast.walk(word)}
    return skipped


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 70 else text[:67] + "..."
