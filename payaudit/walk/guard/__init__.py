"""What never leaves the browser: no payment, no mandate, no contract."""

from payaudit.walk.guard.guard import Guard, free_port

__all__ = ["Guard", "free_port"]
