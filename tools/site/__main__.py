"""Builds the site: ``python -m tools.site``, into ``site/``. A broken link ends it with 1."""

import sys
import tempfile
from pathlib import Path

import click
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from tools.site.staging import stage

_CONFIG = Path(__file__).with_name("mkdocs.yml")


@click.command()
@click.option("--output", type=click.Path(path_type=Path), default=Path("site"), show_default=True)
def main(output: Path) -> None:
    """Stage the pages of the repository in the current folder, and build the site from them."""
    with tempfile.TemporaryDirectory() as folder:
        stage(Path.cwd(), Path(folder))
        try:
            build(load_config(str(_CONFIG), docs_dir=folder, site_dir=str(output.absolute())))
        except Abort as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
