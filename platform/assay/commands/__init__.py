"""One module per command of ``assay`` (see ``assay.__main__``)."""
