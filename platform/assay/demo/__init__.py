"""The demonstration: people, simulated or recorded, work through the real server; then a report says how it went.

Three parts that know nothing of each other's inside: a *scene* (items with known truth, and the people),
the *crew* (the people at work over HTTP), and the *report* (labels against truth, and the plain alternatives).
"""
