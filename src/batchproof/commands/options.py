"""Options and texts that several commands share."""

from typing import TYPE_CHECKING

import click

from batchproof.commands.inputs import Input
from batchproof.saying import fail

if TYPE_CHECKING:
    from batchproof.report import Detail

EXIT_CODES = """\b
Exit codes:
  0    no MUST failed, all that is owed was established, no scenario gave up
  1    a MUST failed unexpectedly, or an expected finding is gone or over
  2    bad usage or configuration
  3    nothing failed, but not all that the profile owes was established
  4    batchproof broke, something could not be written or held a secret
  130  interrupted; what there is was judged and reported
"""


contract = click.option("--contract", metavar="ID", help="The contract: an id, or a contract folder.")
claim = click.option(
    "--claim",
    multiple=True,
    metavar="NAME",
    help="A capability that the server claims; may be given again (default: all of them).",
)
output = click.option("--output", metavar="DIR", help="Folder for history and reports.")
webhook_secret = click.option(
    "--webhook-secret-env",
    metavar="NAME",
    help="Environment variable with the signing secret of webhooks (default: BATCHPROOF_WEBHOOK_SECRET).",
)
expected = click.option(
    "--expected",
    type=Input("a file of expected findings in TOML", as_text=True),
    metavar="FILE",
    help="Findings that fail nothing, instead of those of the configuration.",
)
strict = click.option(
    "--strict",
    "strict_bar",
    is_flag=True,
    default=None,
    help="A SHOULD that fails, fails the run as a MUST does.",
)
quiet = click.option("--quiet", is_flag=True, help="Print the claim and the verdict only.")
verbose = click.option(
    "-v", "--verbose", is_flag=True, help="Print every scenario, all evidence, and what else there is to say."
)


def detail(*, quiet: bool, verbose: bool) -> "Detail":
    """How much a command prints; asking for both ends the process."""
    if quiet and verbose:
        fail("--quiet: prints the least, and --verbose the most; leave out one of them")
    return "quiet" if quiet else "full" if verbose else "brief"


target = click.option(
    "--target", metavar="URL", help="Base address of the server. Without it: the embedded emulator."
)
token_env = click.option(
    "--token-env", metavar="NAME", help="Environment variable with the token (default: BATCHPROOF_TOKEN)."
)
token_file = click.option(
    "--token-file",
    type=Input("a file that holds the token", as_text=True),
    metavar="FILE",
    help="File with the token.",
)
config = click.option(
    "--config",
    type=Input("a configuration in TOML", as_text=True),
    metavar="FILE",
    help="Configuration file (default: batchproof.toml, if it is there).",
)
ca_file = click.option(
    "--ca-file",
    type=Input("a file of certificates (PEM)", as_text=True),
    metavar="FILE",
    help="Certificates (PEM) that the server's is verified by.",
)
max_runs = click.option(
    "--max-runs",
    type=click.IntRange(0),
    metavar="N",
    help="Documents that may be processed, and billed (default with --target: 0).",
)
