"""The small vocabulary that every room shares: durations, secrets, exit codes, expected errors."""
