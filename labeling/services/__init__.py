"""Every change of state in labeling: one module a use case.

Locks are taken in one order everywhere, so that nobody waits in a circle::

    Project, Enrollment, Budget, Item (by primary key), Assignment

Whoever holds an Item must not wait for an Enrollment: pause a person in a transaction of its own.
A claim never waits for items (SKIP LOCKED). The lock on the Enrollment row puts everything that one
person does in one project in sequence.
"""
