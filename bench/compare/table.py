"""What many runs say together: medians and spreads, ratios within one round, as a table and as a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import async_playwright

from bench.compare.contest import Figures
from tests.browser import find_browser

Run = tuple[str, str, int]
"""Who, by which scheme, how many at once."""
Rounds = Sequence[Mapping[Run, Figures]]
FLOOR, PEER = "floor", "microsoft-agents"


def results(rounds: Rounds) -> list[dict[str, Any]]:
    """A row for each kind of run: the median of each figure, the smallest and largest rate, and how its rate stands to
    the floor's and to a peer's of the same round."""
    return [_row(rounds, run) for run in rounds[0]]


def _row(rounds: Rounds, run: Run) -> dict[str, Any]:
    name, scheme, at_once = run
    figures = [each[run] for each in rounds]
    rates = [one.rate for one in figures]
    medians = {field: round(median(asdict(one)[field] for one in figures), 4) for field in asdict(figures[0])}
    return {
        "name": name,
        "scheme": scheme,
        "at_once": at_once,
        **medians,
        "rates": [round(rate, 1) for rate in rates],
        "of_floor": _ratio(rounds, run, FLOOR),
        "of_peer": _ratio(rounds, run, PEER),
    }


def _ratio(rounds: Rounds, run: Run, other: str) -> float | None:
    beside = (other, *run[1:])
    ratios = [each[run].rate / each[beside].rate for each in rounds if beside in each]
    return round(median(ratios), 3) if ratios else None


_HEAD = (
    "| https, at once | turns/s (least to most) | of the floor | × microsoft-agents | CPU ms a turn "
    "| median ms | 99 % ms | first reply after s | MB |\n|---|---|---|---|---|---|---|---|---|"
)


def as_markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join((_HEAD, *(_line(row) for row in rows)))


def _line(row: Mapping[str, Any]) -> str:
    plain = "" if row["scheme"] == "https" else f", {row['scheme']}"
    share = "" if row["of_floor"] is None else f"{row['of_floor']:.0%}"
    peer = "" if row["of_peer"] is None else f"{row['of_peer']:.1f}"
    rate = f"{row['rate']:,.0f} ({min(row['rates']):,.0f} to {max(row['rates']):,.0f})"
    times = f"{row['median'] * 1_000:.0f} | {row['p99'] * 1_000:.0f} | {row['cold']:.1f}"
    cells = f"{rate} | {share} | {peer} | {row['cpu_ms']:.2f} | {times} | {row['megabytes']:.0f}"
    return f"| {row['name']}{plain}, {row['at_once']} | {cells} |"


async def draw(rows: Sequence[Mapping[str, Any]], picture: Path) -> None:
    """The rates as bars, in a PNG."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 720, "height": 80}, device_scale_factor=2)
        await page.set_content(_page(rows))
        await page.locator("main").screenshot(path=picture)
        await browser.close()


def _page(rows: Sequence[Mapping[str, Any]]) -> str:
    shown = [row for row in rows if row["scheme"] == "https" and row["at_once"] == min(one["at_once"] for one in rows)]
    most = max(row["rate"] for row in shown)
    return f"<style>{_STYLE}</style><main><h1>Turns a second</h1>{''.join(_bar(row, most) for row in shown)}</main>"


def _bar(row: Mapping[str, Any], most: float) -> str:
    ours = " class=ours" if row["name"].startswith("Sendwell") else ""
    width = max(0.3, row["rate"] / most * 100)
    return (
        f"<p{ours}><span>{row['name']}</span><b><i style='width:{width:.1f}%'></i></b><em>{row['rate']:,.0f}</em></p>"
    )


_STYLE = """
main{font:14px/1.4 system-ui,sans-serif;padding:16px;width:688px;background:#fff;color:#242424}
h1{font-size:15px;margin:0 0 8px} p{display:flex;align-items:center;gap:8px;margin:4px 0}
span{width:180px;text-align:right} b{flex:1} i{display:block;height:16px;background:#8a8886;border-radius:2px}
.ours i{background:#5b5fc7} em{width:60px;font-style:normal;font-variant-numeric:tabular-nums}
"""
