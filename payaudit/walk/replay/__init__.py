"""The same walk against recorded traffic, in a browser cut off from the network."""
