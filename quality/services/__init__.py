"""Every change of state in quality: one module a use case.

Locks are taken in one order, which continues that of labeling::

    Project, Enrollment, Budget, Fit, Item (by primary key), Assignment

The Fit row of a project stands for everything derived in it: whoever writes a Consensus, a Skill or a
GoldResult holds it. So two runs of the same thing come one after the other, and the second finds
nothing to do. Nobody who holds it waits for an Enrollment: people are paused in a transaction of
their own (decisions.py).
"""
