"""Assay: crowd labels with proof."""
