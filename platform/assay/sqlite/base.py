"""Django's SQLite backend with a fair write gate around every transaction (see ``gate``)."""

from typing import Any

from django.db.backends.sqlite3 import base

from assay.sqlite.gate import WriteGate, gate_for


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gate_held: WriteGate | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            self._enter_gate()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave_gate()
            raise

    def _enter_gate(self) -> None:
        if self._gate_held is None:
            gate = gate_for(str(self.settings_dict["NAME"]))
            gate.enter()
            self._gate_held = gate

    def _leave_gate(self) -> None:
        if self._gate_held is not None:
            gate, self._gate_held = self._gate_held, None
            gate.leave()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._leave_gate()  # a failed COMMIT is followed by a rollback, which leaves

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave_gate()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave_gate()
