"""Money as people read it. Amounts are integer micro-units: 1,000,000 make one unit of the currency."""

from decimal import ROUND_HALF_UP, Decimal

MICROS = 1_000_000
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def money(micros: int, currency: str) -> str:
    """``$1.84``; small amounts keep the digits that matter: ``$0.004``."""
    amount = Decimal(micros) / MICROS
    places = Decimal("0.001") if 0 < abs(amount) < Decimal("0.1") else Decimal("0.01")
    text = f"{amount.quantize(places, ROUND_HALF_UP):,}"
    sign = SIGNS.get(currency)
    return f"{sign}{text}" if sign else f"{text} {currency}"
