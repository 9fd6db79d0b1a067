"""Charts of what people are asked and what they say: the queue, the mix of labels, how unanimous they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from labeling.bars import draw_bars
from labeling.plots import Plot, Point, draw
from labeling.queries.queue import Queue
from learning.views.charts import Chart, in_time
from quality.queries.sampled import OF_EACH, Agreeing, Bin

MOST_LABELS, LONGEST_NAME = 4, 14  # drawn apart; the others together


def waiting_for(found: Queue, *, any_items: bool, ended: bool) -> Chart:
    """Unfinished items by what they wait for, or would, had the project not ended."""
    amounts = {
        _("Not asked yet"): found.pool,
        _("A free place, for somebody"): found.for_somebody,
        _("An answer that is under way"): found.in_hands,
        _("The next round of questions"): found.for_round,
        _("An expert"): found.for_expert,
    }
    return Chart(
        "queue",
        _("What items wait for"),
        _("The project has ended. Items without a settled label, by what would have come next.")
        if ended
        else _("Every item without a settled label, by what has to come next."),
        _("Nothing waits: every item has its label.")
        if any_items
        else _("It begins with the first item."),
        [_("Waits for"), _("Items")],
        [[name, f"{amount:,}"] for name, amount in amounts.items()] if any(amounts.values()) else [],
        bars=draw_bars(amounts, "{:,.0f}".format),
    )  # fmt: skip


def label_mix(bins: Sequence[Bin], names: Mapping[int, str]) -> Chart:
    """Which labels came when: the most frequent ones each as a line, the others together."""
    read = [one for one in bins if one.read]
    series = _shares(read, names)
    return Chart(
        "label-mix",
        _("Labels over time"),
        _("Shares of the labels that were settled until then, from up to %(n)d labels at each point.")
        % {"n": OF_EACH},
        _("It needs settled labels of a question with fixed answers."),
        [_("Until"), _("Labels read"), *series],
        [
            [f"{localtime(one.until):%Y-%m-%d %H:%M}", str(one.read), *(f"{s[n]:.0%}" for s in series.values())]
            for n, one in enumerate(read)
        ],
        plot=_over_time(read, series) if len(read) > 1 else None,
    )  # fmt: skip


def _shares(bins: Sequence[Bin], names: Mapping[int, str]) -> dict[str, list[float]]:
    """By label the share at each point."""
    total = Counter[int]()
    for one in bins:
        total.update(one.by_code)
    shown = [code for code, _n in total.most_common(MOST_LABELS)]
    series = {
        names.get(code, str(code)): [one.by_code.get(code, 0) / one.read for one in bins]
        for code in shown
    }
    if len(total) > len(shown):
        series[_("others")] = [1 - sum(s[n] for s in series.values()) for n in range(len(bins))]
    return series


def _over_time(bins: Sequence[Bin], series: Mapping[str, Sequence[float]]) -> Plot | None:
    first = bins[0].until
    unit, axis = in_time((bins[-1].until - first).total_seconds())
    times = [(one.until - first) / timedelta(seconds=unit) for one in bins]
    lines = {
        name: [Point(x, y) for x, y in zip(times, shares, strict=True)]
        for name, shares in zip(_short(series), series.values(), strict=True)
    }
    return draw(lines, x=axis)


def _short(names: Iterable[str]) -> list[str]:
    """As much of each as there is room for; where that makes two the same, with a number."""
    short: list[str] = []
    for n, name in enumerate(names, 1):
        cut = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        short.append(f"{cut[: LONGEST_NAME - 2]}…{n}" if cut in short else cut)
    return short


def unanimity(found: Sequence[Agreeing]) -> Chart:
    """Items by how far people agreed on them."""
    items = sum(one.items for one in found)
    names = [_("all"), _("80 % and more"), _("60 to 79 %"), _("fewer")]
    amounts = {name: one.items for name, one in zip(names, found, strict=False)}
    return Chart(
        "unanimity",
        _("How many said what became the label"),
        _("Settled items with several answers, by how many of the answers say the label.")
        + (_(" Of %(n)s, spread over the whole time.") % {"n": f"{items:,}"} if items else ""),
        _("It needs settled items that several people have answered."),
        [_("Share of the answers"), _("Items")],
        [[name, f"{amount:,}"] for name, amount in amounts.items()] if items else [],
        bars=draw_bars(amounts, lambda amount: f"{amount:,.0f} · {amount / items:.0%}"),
    )
