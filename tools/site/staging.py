"""Puts the pages of the site together in one folder."""

import posixpath
import re
import shutil
from pathlib import Path

from batchproof.contract import installed_contracts, load_contract
from tools.site import cards

# pages of the repository that stand outside docs/, and where the site shows them
_OTHERS = {
    "README.md": "reference.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "schemas/README.md": "contract-language.md",
    "reports/README.md": "kept-reports.md",
}
# its links hold on the site alone
_START = Path(__file__).with_name("index.md")
_SAMPLES = Path("reports/sample")
SAMPLES = {
    "healthy": "A healthy server",
    "five-faults": "A server of extraction with five faults",
    "extraction-alone": "A server that claims extraction alone",
    "upgrade": "What another version of an API changes",
}
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:|#|<)([^)#\s]+)(#[^)\s]*)?\)")


def stage(root: Path, folder: Path) -> None:
    """Writes every page of the site into ``folder``; ``root`` is the repository. Raises ``OSError``."""
    pages = {
        f"docs/{file.relative_to(root / 'docs').as_posix()}": file
        for file in sorted((root / "docs").rglob("*.md"))
    }
    shown = {path: path.removeprefix("docs/") for path in pages} | {
        path: target for path, target in _OTHERS.items() if (root / path).exists()
    }
    assert len(set(shown.values())) == len(shown), "two pages have one place on the site"
    for path, target in shown.items():
        text = (root / path).read_text("utf-8")
        _write(folder / target, relinked(text, path, shown))
    for name in installed_contracts():
        for path, text in cards.pages(load_contract(name)).items():
            _write(folder / "catalogue" / path, text)
    _write(folder / "catalogue" / "index.md", _catalogue())
    _write(folder / "samples.md", _samples(root, folder))
    shutil.copyfile(_START, folder / "index.md")


def relinked(text: str, path: str, shown: dict[str, str]) -> str:
    """``text`` of the page at ``path`` with links that hold on the site; what the site does not show is no link there."""

    def replaced(match: re.Match[str]) -> str:
        label, link, fragment = match.group(1), match.group(2), match.group(3) or ""
        target = shown.get(posixpath.normpath(posixpath.join(posixpath.dirname(path), link)))
        if target is None:
            return label
        return f"[{label}]({posixpath.relpath(target, posixpath.dirname(shown[path]) or '.')}{fragment})"

    return _LINK.sub(replaced, text)


def _catalogue() -> str:
    lines = [
        "# The catalogue",
        "",
        "Every documented statement is a requirement with a card: the sentence, its source, how it is tested, what passes and what",
        "does not, and the fault of the emulator that breaks it. `batchproof explain ID` prints the same card.",
        "",
    ]
    return (
        "\n".join(
            [*lines, *(f"* [{name}]({name.replace('/', '-')}/index.md)" for name in installed_contracts())]
        )
        + "\n"
    )


def _samples(root: Path, folder: Path) -> str:
    """The page of the samples; those in Markdown are pages of the site, those in HTML stand beside it as they are."""
    lines = [
        "# Sample reports",
        "",
        "Each was made by the embedded emulator and this version of batchproof.",
        "",
    ]
    for name, about in SAMPLES.items():
        page, file = folder / "samples" / name, root / _SAMPLES / name
        page.mkdir(parents=True, exist_ok=True)
        shown = next(item for item in ("report.html", "upgrade.md") if (file / item).exists())
        shutil.copyfile(file / shown, page / shown)
        lines.append(f"* [{about}](samples/{name}/{shown})")
    return "\n".join(lines) + "\n"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
