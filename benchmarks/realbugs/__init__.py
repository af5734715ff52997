"""Real bugs of real applications, as customers reported them: the harness must tell the version with the bug from the one without."""
