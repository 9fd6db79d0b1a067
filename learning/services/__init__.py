"""Every change of state in learning, one module a use case."""
