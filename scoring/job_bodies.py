from scoring import finish

__all__ = ["finish"]
