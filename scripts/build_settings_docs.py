"""Writes docs/settings.md from the tables of lks_geo/settings.py. Run it after changing them: a test compares."""

from collections.abc import Callable
from pathlib import Path

from lks_geo.messages import Texts
from lks_geo.settings import Settings
from lks_geo.settings_file import GROUP_SETTINGS, PLAN_SETTINGS, SEND_SETTINGS, SETTINGS, SettingSpec

HEAD = """# The settings file `lks-geo.toml`

Give it with `--config lks-geo.toml`. A flag on the command line wins over the file, the file over the default.
A wrong key or value is an error that names the nearest right one. Keys are Indonesian, as everything a user writes.

```toml
instansi = "Dinas Sosial Provinsi Sulawesi Barat"
jangkauan_km = 10          # an assumption, printed wherever it is used
ambang_terjangkau = 0.8

[kelompok.lansia]          # change a group that exists
jangkauan_luar_panti_km = 5

[kelompok.odha]            # add a group
nama = "Orang dengan HIV"
nama_en = "People living with HIV"
sinonim = ["odha", "hiv", "aids"]
sensitif = true
```
"""


def rows(table: tuple[SettingSpec, ...], help_of: Callable[[str], str]) -> list[str]:
    """One table row per key."""
    t = Texts("en")
    lines = ["| key | meaning | values |", "|---|---|---|"]
    for spec in table:
        words = {"text", "texts", "positive", "share", "flag", "day", "file", "colour", "count"}
        accepts = t(f"settings.accepts_{spec.accepts}") if spec.accepts in words else spec.accepts
        lines.append(f"| `{spec.key}` | {t(help_of(spec.key))} | {accepts} |")
    return lines


def page() -> str:
    """The whole page."""
    groups = ", ".join(f"`{group.key}`" for group in Settings().groups)
    return "\n".join(
        [
            HEAD,
            "## Top-level keys",
            "",
            *rows(SETTINGS, lambda key: f"settings.help_{key}"),
            "",
            "## Keys of `[kelompok.<key>]`",
            "",
            f"Groups that exist: {groups}. Another key makes a new group; it needs `nama`.",
            "",
            *rows(GROUP_SETTINGS, lambda key: f"settings.group_help_{key}"),
            "",
            "## Keys of `[rencana]`",
            "",
            *rows(PLAN_SETTINGS, lambda key: f"settings.plan_help_{key}"),
            "",
            "## Keys of `[kirim]`",
            "",
            *rows(SEND_SETTINGS, lambda key: f"settings.send_help_{key}"),
            "",
        ]
    )


if __name__ == "__main__":
    (Path(__file__).parent.parent / "docs" / "settings.md").write_text(page(), encoding="utf-8")
