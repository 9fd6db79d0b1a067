"""A thread that keeps a running job's lease alive, with a database connection of its own."""

import threading
from datetime import timedelta
from types import TracebackType

import structlog
from django.db import connection, transaction
from django.db.utils import Error as DatabaseError

from jobs.clock import in_future
from jobs.limits import RENEWALS_PER_LEASE
from jobs.queries import held_job

log = structlog.get_logger(__name__)


class LeaseKeeper:
    """Renews the lease of one attempt for as long as the ``with`` block lasts.

    A renewal that finds the job taken stops the thread; the handler notices at its next write. A
    database that is away is asked again: the lease may well be there still when it comes back.
    """

    def __init__(self, job_id: int, token: int, lease: timedelta) -> None:
        self._job_id = job_id
        self._token = token
        self._lease = lease
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease-{job_id}", daemon=True)

    def __enter__(self) -> "LeaseKeeper":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        pause = self._lease.total_seconds() / RENEWALS_PER_LEASE
        try:
            while not self._over.wait(pause) and self._renew():
                pass
        finally:
            connection.close()

    def _renew(self) -> bool:
        """Whether it is worth going on."""
        try:
            with transaction.atomic():
                held = held_job(self._job_id, self._token)
                return held.update(lease_until=in_future(self._lease)) == 1
        except DatabaseError as error:
            log.warning("lease_not_renewed", job=self._job_id, because=type(error).__name__)
            connection.close()
            return True
