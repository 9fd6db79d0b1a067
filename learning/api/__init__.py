"""The learning loop over HTTP. Input is checked here, rules are in the services."""
