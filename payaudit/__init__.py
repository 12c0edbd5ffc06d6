"""payaudit: audits misleading payment schemes in micro-dramas."""

__version__ = "0.1.0"
