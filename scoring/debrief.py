"""The debrief of a scenario run: one's own path turn by turn beside the best line."""

from quizzes import play, taking


def debrief(attempt, score, scenario):
    """{turns: [{number, lines, said, best, why, cites, red, lost, mark, mood}], ending, curve, best_curve,
    dimensions, turning_point, complete}; only turns (empty) and complete for an abandoned run."""
    body = scenario.body
    path = taking.path_of(attempt)
    if not play.step(body, path).ended:
        return {"turns": [], "complete": False}
    played = play.score(body, path)
    marks = {mark.position: mark for mark in score.marks.select_related("wording__clause")}
    taken, ending = play.walk(body, path)
    turns = []
    for number, (scene, _number, chosen) in enumerate(taken, start=1):
        best = played.best_at_turn[number - 1]
        turns.append(
            {
                "number": number,
                "lines": scene["lines"],
                "said": chosen["text"],
                "best": None if played.losses[number - 1] == 0 else scene["choices"][best - 1]["text"],
                "why": chosen["why"],
                "cites": chosen["cites"],
                "red": chosen["red"],
                "lost": marks[number].lost,
                "mark": marks[number],
                "mood": played.mood_curve[number],
            }
        )
    return {
        "turns": turns,
        "ending": ending,
        "curve": played.mood_curve,
        "best_curve": played.best_mood_curve,
        "dimensions": score.dimensions,
        "complete": True,
        "turning_point": max(turns, key=lambda turn: turn["lost"])["number"] if turns else None,
    }
