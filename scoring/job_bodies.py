from scoring import analysed, exporting, finish

__all__ = ["analysed", "exporting", "finish"]
