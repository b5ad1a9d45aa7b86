"""Writes docs/commands.md from the English help of every command. Run it after changing options: a test compares."""

from pathlib import Path

import click

from lks_geo.cli.program import build, translate_click
from lks_geo.messages import Texts

HEAD = """# Commands and their options

Made from the program's own help (`--lang en`). The same help in Bahasa Indonesia: `lks-geo COMMAND --help`.
The global options may stand before or after the command.
"""


def sections(command: click.Command, context: click.Context, name: str) -> list[str]:
    """The help of a command and of the commands below it."""
    own = click.Context(command, info_name=name.rsplit(" ", 1)[-1], parent=context, terminal_width=100)
    parts = [f"## `{name}`", "", "```text", command.get_help(own).strip(), "```", ""]
    if isinstance(command, click.Group):
        for below in command.list_commands(own):
            found = command.get_command(own, below)
            assert found is not None
            parts += sections(found, own, f"{name} {below}")
    return parts


def page() -> str:
    """The whole page."""
    translate_click("en")
    program = build(Texts("en"))
    root = click.Context(program, info_name="lks-geo", terminal_width=100)
    parts = [HEAD, "## `lks-geo`", "", "```text", program.get_help(root).strip(), "```", ""]
    for name in program.list_commands(root):
        command = program.get_command(root, name)
        assert command is not None
        parts += sections(command, root, f"lks-geo {name}")
    return "\n".join(parts)


if __name__ == "__main__":
    (Path(__file__).parent.parent / "docs" / "commands.md").write_text(page(), encoding="utf-8")
