"""From what annotators see to numbers: one module per kind of item, listed in ``registry``."""
