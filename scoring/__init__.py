"""How likely a deal is to move forward, and why: learnt from the team's own history, without Slack."""
