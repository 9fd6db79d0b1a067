"""Public ids of jobs: random, so that nothing can be counted from outside."""

import secrets


def job_id() -> str:
    return secrets.token_hex(10)
