"""The sweeps of this app."""

from jobs.reconciling import hint_waiting_jobs, release_lapsed_jobs
from jobs.schedules import run_due_schedules, sweep

sweep("jobs.hint_waiting", every=2.0, embedded_every=0.2)(hint_waiting_jobs)
sweep("jobs.release_lapsed", every=2.0, embedded_every=1.0)(release_lapsed_jobs)
sweep("jobs.schedules", every=1.0, embedded_every=1.0)(run_due_schedules)
