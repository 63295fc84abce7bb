"""The Containerfile is built and run, from a base that is made of this machine's Python: no registry is asked."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILDAH = shutil.which("buildah")
# what the steps of the file need besides Python: a shell, and what `install` is
PROGRAMS = ("sh", "install", "id", "ls")
# what compiled wheels ask for, and every image of Python has
LIBRARIES = ("libgcc_s.so.1", "libstdc++.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1")
BASE = "localhost/batchproof-base"
IMAGE = "localhost/batchproof"

pytestmark = pytest.mark.skipif(
    BUILDAH is None or os.geteuid() != 0, reason="needs buildah, and root; apt-get install buildah brings it"
)
Buildah = Callable[..., str]


def libraries(file: Path) -> set[Path]:
    """What the loader of this machine loads for ``file``."""
    described = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False).stdout
    words = [word for line in described.splitlines() for word in line.split()]
    return {Path(word) for word in words if word.startswith("/")}


def copy(file: Path, root: Path) -> None:
    """``file`` at its own place below ``root``, what it links to included."""
    target = root / file.relative_to("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copy2(file, target)


def base(root: Path) -> None:
    """A system with Python, a shell, and a pip that looks for wheels in one folder; of the network it knows nothing."""
    python = Path(sys._base_executable).resolve()  # type: ignore[attr-defined]
    library = Path(sysconfig.get_path("stdlib"))
    # an interpreter in a home of somebody is one that others may not read
    for folder in [*reversed(python.parents), *reversed(library.parents)][1:]:
        (root / folder.relative_to("/")).mkdir(parents=True, exist_ok=True, mode=0o755)
    shutil.copytree(
        library,
        root / library.relative_to("/"),
        ignore=shutil.ignore_patterns("site-packages", "dist-packages", "test", "__pycache__", "*.a"),
        symlinks=False,
        dirs_exist_ok=True,
    )
    programs = [Path(found) for name in PROGRAMS if (found := shutil.which(name)) is not None]
    assert len(programs) == len(PROGRAMS)
    loaded = [python, *programs, *library.glob("lib-dynload/*.so")]
    found = {item for file in loaded for item in libraries(file)}
    beside = next(file.parent for file in found if file.name.startswith("libc.so"))
    runtime = [beside / name for name in LIBRARIES]
    for file in {*loaded, *found, *(file for file in runtime if file.exists())}:
        copy(file, root)
    for name in ("bin", "lib", "lib64", "sbin"):
        if Path("/", name).is_symlink() and not (root / name).exists():
            (root / name).symlink_to(Path("/", name).readlink())
    (root / "usr/local/bin").mkdir(parents=True, exist_ok=True)
    (root / "usr/local/bin/python").symlink_to(python)
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    (root / "etc").mkdir(exist_ok=True)
    (root / "etc/pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheels\n")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build installs: the build backend and all that batchproof depends on."""
    folder = tmp_path_factory.mktemp("wheels")
    build = ["hatchling", "hatch-fancy-pypi-readme"]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", str(folder)]
    subprocess.run([*command, str(ROOT), *build], check=True, timeout=400)
    for made in folder.glob("batchproof-*"):
        made.unlink()
    return folder


@pytest.fixture(scope="module")
def buildah(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buildah]:
    store = tmp_path_factory.mktemp("store")
    places = ["--root", str(store / "root"), "--runroot", str(store / "run"), "--storage-driver", "vfs"]

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [BUILDAH or "", *places, *arguments], capture_output=True, text=True, check=False, timeout=500
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    yield run
    run("rm", "--all")
    run("rmi", "--all", "--force")


@pytest.fixture(scope="module")
def image(buildah: Buildah, wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the image that the Containerfile makes."""
    root = tmp_path_factory.mktemp("base")
    root.chmod(0o755)
    base(root)
    empty = buildah("from", "scratch")
    buildah("copy", "--quiet", empty, str(root), "/")
    buildah("config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin", empty)
    buildah("commit", "--quiet", empty, BASE)
    buildah("rm", empty)
    buildah(
        *("build", "--isolation", "chroot", "--pull-never", "--build-arg", f"BASE={BASE}"),
        *("--volume", f"{wheels}:/wheels:ro"),
        *("--file", str(ROOT / "Containerfile"), "--tag", IMAGE, str(ROOT)),
    )
    return IMAGE


@pytest.fixture(scope="module")
def inside(buildah: Buildah, image: str) -> Buildah:
    """Runs a command in a container of the image."""
    container = buildah("from", "--pull-never", image)
    return partial(buildah, "run", "--isolation", "chroot", container, "--")


def test_the_image_holds_the_program_alone_and_runs_it_without_rights(
    buildah: Buildah, image: str, inside: Buildah
) -> None:
    """One test, because the image takes a minute, and each worker of pytest-xdist would make its own."""
    asked = "{{.OCIv1.Config.User}} {{.OCIv1.Config.WorkingDir}} {{.OCIv1.Config.Entrypoint}} {{.OCIv1.Config.Cmd}}"
    assert buildah("inspect", "--format", asked, image) == "10001:10001 /work [batchproof] [--help]"
    assert "source" not in inside("ls", "/").split()
    assert inside("id", "-u") == "10001"
    # nothing can be written but where it is to be
    assert inside("sh", "-c", "touch /opt/batchproof/x /x 2>/dev/null || echo refused") == "refused"
    described = inside("batchproof", "run", "--profile", "quick", "--output", "report")
    assert described.splitlines()[-1].startswith("PASSED")
    assert "report.html" in inside("ls", "/work/report").split()
