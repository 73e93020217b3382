from quizzes import mornings

__all__ = ["mornings"]
