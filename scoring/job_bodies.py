from scoring import analysed, exporting, finish, rescoring

__all__ = ["analysed", "exporting", "finish", "rescoring"]
