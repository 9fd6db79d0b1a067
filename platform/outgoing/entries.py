"""The entries of the administrator's list of places that Assay may call.

An entry is ``public`` (every address that anybody on the internet can reach, by https only), a host name, or
a network such as ``10.1.0.0/16``; what is named may be private, and may be called without TLS. Without
Django, since the environment is read before it.
"""

import ipaddress

PUBLIC = "public"


def is_entry(text: str) -> bool:
    """Whether the administrator's list may hold it."""
    if "/" not in text:
        return text == PUBLIC or _is_host(text)
    try:
        return bool(ipaddress.ip_network(text))
    except ValueError:
        return False


def _is_host(text: str) -> bool:
    return bool(text) and all(c.isalnum() or c in ".-:" for c in text)
