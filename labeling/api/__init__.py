"""The HTTP interface of labeling: what annotators use (``worker``) and what managers use (``manager``).

The two are written apart: nothing that a worker gets is derived from what a manager gets.
"""
