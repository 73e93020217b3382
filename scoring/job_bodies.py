from scoring import finish, rescoring

__all__ = ["finish", "rescoring"]
