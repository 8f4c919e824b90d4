"""Sluice in Slack: commands, buttons, forms, digests and nudges."""
