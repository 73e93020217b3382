"""Many people at once: whole attempts, and hundreds who start within the same seconds."""

import random
import time
from collections import defaultdict
from contextlib import closing
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from django.db import connection

from bench.block import Block, percentiles, say
from bench.client import Unexpected, expect, whole_attempt
from config.demo.playing import QUIZ

CONCURRENT = {8: 64, 32: 96, 50: 150}  # how many at once: attempts
STARTING, WITHIN = 300, 10.0  # people, seconds


def at_once(run):
    """{how many: what their whole attempts cost and how long each step took}"""
    return {str(crowd): _crowd(run, crowd, attempts) for crowd, attempts in CONCURRENT.items()}


def _crowd(run, crowd, attempts):
    say(f"{crowd} at once …")
    times, waiting, failures = defaultdict(list), SimpleQueue(), []
    for browser in run.warmed(run.ours, run.people(attempts), times):
        waiting.put(browser)
    block = _together(run, [Thread(target=_work, args=(run, waiting, failures)) for _ in range(crowd)])
    if failures:
        raise failures[0]
    return {
        "attempts": attempts,
        "attempts_per_s": round(attempts / block.seconds, 2),
        "cpu_s_per_attempt": round(block.cpu / attempts, 4),
        "ms": {step: percentiles(times[step]) for step in ("answer", "question", "finish")},
    }


def _together(run, threads):
    with Block(run.ours, run.everyone) as block:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    run.foreign.append(block.foreign)
    return block


def _work(run, waiting, failures):
    with closing(connection):
        while not failures:
            try:
                browser = waiting.get_nowait()
            except Empty:
                return
            try:
                whole_attempt(browser, QUIZ, run.right)
            except (OSError, Unexpected) as failure:
                failures.append(failure)
            browser.close()


def starting(run):
    """People already signed in, each opening the quiz, starting it and reading the first question at a moment of its
    own within ten seconds."""
    say(f"{STARTING} start within {WITHIN:.0f} seconds …")
    times, failures = defaultdict(list), []
    browsers = run.warmed(run.ours, run.people(STARTING), times)
    times.clear()
    moments = random.Random(7)
    began = time.perf_counter() + 1
    threads = [
        Thread(target=_start, args=(browser, began + moments.uniform(0, WITHIN), failures)) for browser in browsers
    ]
    block = _together(run, threads)
    return {
        "people": STARTING,
        "errors": len(failures),
        "first_error": str(failures[0])[:200] if failures else "",
        "seconds": round(block.seconds - 1, 2),
        "ms": {step: percentiles(times[step]) for step in ("open", "start", "question")},
    }


def _start(browser, moment, failures):
    time.sleep(max(0, moment - time.perf_counter()))
    try:
        expect(browser.get("open", f"/quizzes/{QUIZ}/"), 200)
        reply = expect(browser.post("start", f"/quizzes/{QUIZ}/start/"), 302, "/attempts/")
        expect(browser.get("question", urlsplit(reply.location).path), 200)
    except (OSError, Unexpected) as failure:
        failures.append(failure)
    browser.close()
