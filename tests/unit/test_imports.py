"""What import-linter's search for circles leaves out: a package is in a circle once one of its own modules imports it."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"


def test_no_module_imports_a_package_that_it_is_in() -> None:
    imports = {
        (_name(file), imported)
        for file in SOURCE.glob("batchproof/**/*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        for imported in _imported(node, file)
    }
    assert {(name, imported) for name, imported in imports if name.startswith(f"{imported}.")} == set()


def _imported(node: ast.AST, file: Path) -> list[str]:
    """The modules that a statement imports; what it imports from a package may be one."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    package = file.relative_to(SOURCE).parts[: -node.level] if node.level else ()
    origin = ".".join([*package, *([node.module] if node.module else [])])
    names = [f"{origin}.{alias.name}" for alias in node.names]
    return [name if _is_module(name) else origin for name in names]


def _is_module(name: str) -> bool:
    path = SOURCE.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def _name(file: Path) -> str:
    return ".".join(file.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
