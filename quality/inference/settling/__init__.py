"""From stored skills to settled labels: pure arithmetic that the service and the demo share."""

METHOD = "anchored Dawid-Skene with an earned model voice"
