"""Records what a person does in a browser: Playwright's recorder gives the actions, a script in a world of its own vouches for them."""
