"""Buying recorded answers one by one, to see what a policy would have cost and brought."""
