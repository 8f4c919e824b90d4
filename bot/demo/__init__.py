"""A year of a small team's deals in a Slack that runs on your own machine."""
