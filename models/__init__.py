"""What a team sells and how it is going: the database and the domain, without Slack, clock or learning."""
