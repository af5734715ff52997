"""What several performers share."""
