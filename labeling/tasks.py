"""The sweeps of labeling."""

from jobs.schedules import sweep
from labeling.services.expiry import return_expired_seats
from labeling.services.leftovers import sweep_files
from labeling.services.places import sweep_openings

sweep("labeling.expire", every=5.0, embedded_every=0.5)(return_expired_seats)
sweep("labeling.files", every=600.0, embedded_every=600.0)(sweep_files)
sweep("labeling.openings", every=60.0, embedded_every=60.0)(sweep_openings)
