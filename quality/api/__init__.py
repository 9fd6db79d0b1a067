"""The manager's and auditor's API about labels and people."""
