"""What several observers share."""
