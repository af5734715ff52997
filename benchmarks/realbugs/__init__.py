"""Real bugs of real applications, each as a customer reported it: the harness must tell the version that has it from the one that has not."""
