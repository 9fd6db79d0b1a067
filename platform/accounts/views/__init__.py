"""The pages of accounts: signing in, one's own account, the organization and how people join it."""
