"""The pages of labeling: the worker's, and the manager's that need nothing of quality or learning."""
