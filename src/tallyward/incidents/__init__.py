"""What happened: findings become incidents, incidents are worked on, and nothing of it is forgotten."""
