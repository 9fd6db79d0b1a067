"""The pages that need the whole picture: the list of projects, one project's overview, its model."""
