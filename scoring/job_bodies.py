from scoring import analysed, finish

__all__ = ["analysed", "finish"]
