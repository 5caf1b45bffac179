"""The command `comity`: one function a command, no decisions."""

from __future__ import annotations

import sys
import uuid
from typing import Final, NoReturn

import click

from comity import __version__, serving
from comity.errors import ComityError, RequestError
from comity.model import Status
from comity.services.close_thread import close_thread
from comity.services.delete_comment import delete_comment
from comity.services.list_comments import list_comments
from comity.services.list_sites import list_sites
from comity.services.manage_sites import CHOICES, add_site, set_site
from comity.services.moderate_comment import moderate_comment
from comity.services.permissions import Actor

_DECISIONS: Final = {
    "approve": Status.APPROVED,
    "hold": Status.PENDING,
    "reject": Status.REJECTED,
    "spam": Status.SPAM,
}


def main() -> None:
    """Run the command line; whatever goes wrong is one line and exit status 2."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except RequestError as error:
        _stop(error.message)
    except ComityError as error:
        _stop(str(error))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="comity")
def cli() -> None:
    """Comments for any page, kept on your own server."""


@cli.command(epilog="Example: comity serve --port 8080")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes. With more than one, set COMITY_VALKEY_URL so that rate limits are shared.",
)
def serve(host: str, port: int, workers: int) -> None:
    """Serve comments; the first run makes what it needs in ./instance."""
    serving.default_public_url(host, port)
    prepared = serving.prepare()
    serving.check_address(host, port)
    settings = prepared.context.settings
    if prepared.is_new:
        click.echo(f"New instance in {settings.instance.absolute()}")
    click.echo(f"Comity is at {settings.public_url}/ (a demo page to try)")
    if workers > 1 and not settings.valkey_url:
        click.echo(
            "Each worker counts rate limits for itself: set COMITY_VALKEY_URL to share them."
        )
    click.echo("Stop it with Ctrl+C.")
    serving.run(host, port, workers)
    click.echo("Stopped.")


@cli.command(epilog="Example: COMITY_INSTANCE=/srv/comity comity init")
def init() -> None:
    """Make the instance folder, its secret key and its database. Can be repeated safely."""
    prepared = serving.prepare(create=True)
    words = "Made a new instance" if prepared.is_new else "Nothing to do: an instance is"
    click.echo(f"{words} in {prepared.context.settings.instance.absolute()}")


@cli.command(epilog="Example: comity doctor")
def doctor() -> None:
    """Say what is well and what is not; exit status 1 if something is not."""
    said = serving.findings(serving.as_it_is())
    for is_well, sentence in said:
        click.echo(f"{'ok  ' if is_well else 'FIX '} {sentence}")
    if not all(is_well for is_well, _ in said):
        sys.exit(1)


@cli.group()
def db() -> None:
    """The database."""


@db.command(epilog="Example: comity db upgrade")
def upgrade() -> None:
    """Bring the database to this version, and old comments to this renderer."""
    prepared = serving.prepare()
    click.echo(f"The database is up to date. Comments rendered again: {prepared.rendered_again}")


@cli.group()
def site() -> None:
    """The sites whose comments are kept here."""


@site.command("add", epilog="Example: comity site add blog --title 'My blog'")
@click.argument("key")
@click.option("--title", default="", help="Shown above its comments; default: the key.")
def site_add(key: str, title: str) -> None:
    """Add a site called KEY."""
    added = add_site(serving.prepare().context, key, title or key)
    click.echo(f"Added {added.key}. Next: comity site set {added.key} origins=https://…")


@site.command("list", epilog="Example: comity site list")
def site_list() -> None:
    """List the sites with their settings."""
    for one in list_sites(serving.prepare().context):
        click.echo(one.key)
        for name in CHOICES:
            value = getattr(one, name)
            click.echo(f"  {name} = {', '.join(value) if isinstance(value, list) else value}")


@site.command("set", epilog="Example: comity site set blog origins=https://blog.example.org")
@click.argument("key")
@click.argument("choices", nargs=-1, required=True, metavar="NAME=VALUE...")
def site_set(key: str, choices: tuple[str, ...]) -> None:
    """Change settings of the site KEY; 'comity site list' shows them all."""
    pairs = dict(_pair(choice) for choice in choices)
    set_site(serving.prepare().context, key, pairs)
    click.echo(f"Changed {key}: {', '.join(pairs)}")


@cli.group()
def comment() -> None:
    """Decide about comments from the command line."""


@comment.command("list", epilog="Example: comity comment list default --status pending")
@click.argument("key")
@click.option("--status", type=click.Choice([str(one) for one in Status]), default="pending")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
def comment_list(key: str, status: str, limit: int) -> None:
    """List comments of the site KEY, the oldest first."""
    for line in list_comments(serving.prepare().context, key, Status(status), limit=limit):
        click.echo(f"{line.id}  {line.page}  {line.author}: {line.excerpt}")
        if line.reason:
            click.echo(f"    {line.reason}")


@comment.command("decide", epilog="Example: comity comment decide approve 0192f0c1-…")
@click.argument("decision", type=click.Choice([*_DECISIONS, "delete"]))
@click.argument("ids", nargs=-1, required=True, type=click.UUID)
@click.option("--reason", default="", help="Kept in the audit log.")
def comment_decide(decision: str, ids: tuple[uuid.UUID, ...], reason: str) -> None:
    """Approve, hold, reject, mark as spam, or delete comments."""
    context = serving.prepare().context
    everywhere = frozenset(one.id for one in list_sites(context))
    operator = Actor(name="operator", moderates=everywhere)
    for one in ids:
        if decision == "delete":
            delete_comment(context, operator, one, reason=reason)
        else:
            moderate_comment(context, operator, one, _DECISIONS[decision], reason=reason)
    click.echo(f"{decision}: {len(ids)}")


@cli.group()
def thread() -> None:
    """The conversations beneath pages."""


@thread.command("close", epilog="Example: comity thread close default /posts/hello")
@click.argument("key")
@click.argument("page")
@click.option("--open", "is_open", is_flag=True, help="Open it again instead.")
def thread_close(key: str, page: str, *, is_open: bool) -> None:
    """Close the conversation of the site KEY beneath PAGE; it stays readable."""
    close_thread(serving.prepare().context, key, page, is_closed=not is_open)
    click.echo(f"{'Opened' if is_open else 'Closed'} {page}")


def _pair(choice: str) -> tuple[str, str]:
    name, equals, value = choice.partition("=")
    if not equals:
        raise click.UsageError(f"{choice!r} is not NAME=VALUE.")
    return name.strip(), value.strip()


def _stop(sentence: str) -> NoReturn:
    click.echo(f"comity: {sentence}", err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
