"""Money, times and shares as people read them.

Money is in integer micro-units: 1,000,000 make one unit of the currency.
"""

from decimal import ROUND_HALF_UP, Decimal

MICROS = 1_000_000
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def money(micros: int, currency: str) -> str:
    """``$1.84``; small amounts keep the digits that matter: ``$0.004``, ``$0.02``."""
    amount = Decimal(micros) / MICROS
    places = Decimal("0.001") if 0 < abs(amount) < Decimal("0.1") else Decimal("0.01")
    text = f"{amount.quantize(places, ROUND_HALF_UP):,}"
    text = text.removesuffix("0") if places < Decimal("0.01") else text
    sign = SIGNS.get(currency)
    return f"{sign}{text}" if sign else f"{text} {currency}"


def duration(seconds: float) -> str:
    """``2.4 s``, ``3 min``, ``5.0 h``, ``12 days``."""
    if seconds < 120:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 3 * 86400 else f"{seconds / 86400:.0f} days"


def percent(share: float) -> str:
    """``92 %``; above 99 with one decimal."""
    return (f"{share:.0%}" if share < 0.99 else f"{share:.1%}").replace("%", " %")
