"""Whether the web server can listen where it should, said before it tries."""

import socket
import time

PATIENCE = 3.0  # seconds that a server which is just going may still hold the port


class PortTaken(Exception):
    """Nobody can listen there; the message says what to do."""


def check_port(address: str, port: int, patience: float = PATIENCE) -> None:
    """Return when ``address:port`` is free. Raises PortTaken."""
    end = time.monotonic() + patience
    while problem := _why_not(address, port):
        if time.monotonic() >= end:
            raise PortTaken(
                f"Cannot listen on {address}:{port}: {problem}.\n"
                f"Stop the program that uses it (ss -ltnp 'sport = :{port}' names it),\n"
                f"or choose another port: ASSAY_PORT={port + 1 if port < 65535 else 8000}"
            )
        time.sleep(0.1)


def _why_not(address: str, port: int) -> str:
    """Granian shares a port with any other granian, so a plain bind is what tells the truth."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen(1)
        except (OSError, OverflowError) as error:
            return (getattr(error, "strerror", None) or str(error)).lower()
    return ""
