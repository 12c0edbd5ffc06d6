"""A mini-program package as a page of the walk's own browser, in a host that is simulated."""
