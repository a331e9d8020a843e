#!/usr/bin/python3
"""A small companion of the gateway that answers questions from a list of questions with answers.

GET /?q=QUESTION   {"answer", "score", "matched_question", "top_matches"}; the answer is null when no question is near.
GET /health        200 while it runs.

A question needs the token: Authorization: Bearer TOKEN. Questions are not logged, because people ask them.
Credential (a file in $CREDENTIALS_DIRECTORY): ask-token.
Settings: HOST, PORT, KNOWLEDGE (answers.json beside this program).
"""

import collections
import hmac
import json
import math
import os
import re
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_QUESTION = 1000
MAX_PHRASE_WORDS = 3
# An answer needs this likeness, from 0 to 1.
MIN_LIKENESS = 0.3
MAX_SHOWN = 3


def credential(name):
    """A secret of this service; a missing one stops the start, an empty one never means "no check"."""
    with open(os.path.join(os.environ["CREDENTIALS_DIRECTORY"], name), encoding="utf-8") as file:
        secret = file.read().strip()
    if not secret:
        raise SystemExit(f"The credential {name} is empty; set it in companion_services.")
    return secret


def phrases(text):
    """The words of a text, and its groups of up to three neighbouring words, each with its count."""
    words = re.findall(r"\w+", text.lower())
    return collections.Counter(
        " ".join(words[at : at + length])
        for length in range(1, MAX_PHRASE_WORDS + 1)
        for at in range(len(words) - length + 1)
    )


class Knowledge:
    """Questions with answers. A phrase weighs the more, the fewer questions have it (TF-IDF)."""

    def __init__(self, entries):
        self.entries = [(str(entry["question"]), str(entry["answer"])) for entry in entries]
        if not self.entries:
            raise ValueError("no question")
        counted = [phrases(question) for question, _ in self.entries]
        spread = collections.Counter(phrase for one in counted for phrase in one)
        self.weights = {phrase: 1 + math.log(len(counted) / many) for phrase, many in spread.items()}
        self.vectors = [self.vector(one) for one in counted]

    def vector(self, counted):
        """A text's phrases as a vector of length 1; a phrase of no question has the largest weight of all."""
        rare = 1 + math.log(len(self.entries))
        raw = {phrase: count * self.weights.get(phrase, rare) for phrase, count in counted.items()}
        length = math.sqrt(sum(value * value for value in raw.values()))
        return {phrase: value / length for phrase, value in raw.items()} if length else {}

    def answer(self, text):
        asked = self.vector(phrases(text))
        scores = sorted(
            (
                (sum(value * known.get(phrase, 0) for phrase, value in asked.items()), -number)
                for number, known in enumerate(self.vectors)
            ),
            reverse=True,
        )
        best, number = scores[0][0], -scores[0][1]
        found = best >= MIN_LIKENESS
        return {
            "answer": self.entries[number][1] if found else None,
            "score": round(best, 4),
            **({"matched_question": self.entries[number][0]} if found else {}),
            "top_matches": [
                {"question": self.entries[-place][0], "score": round(score, 4)} for score, place in scores[:MAX_SHOWN]
            ],
        }


def question_of(query):
    """The question of a query; None without exactly one, or with one that is empty or too long."""
    try:
        found = urllib.parse.parse_qs(query, strict_parsing=True, errors="strict", max_num_fields=10).get("q", [])
    except ValueError:
        return None
    text = found[0].strip() if len(found) == 1 else ""
    return text if 0 < len(text) <= MAX_QUESTION else None


class Answerer(BaseHTTPRequestHandler):
    """The two routes."""

    server_version = "answerer"
    sys_version = ""
    timeout = 30

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        if address.path == "/health":
            self.reply(200, {"status": "ok"})
        elif address.path != "/":
            self.reply(404, {"error": "not found"})
        elif not hmac.compare_digest(
            (self.headers.get("Authorization") or "").encode("utf-8", "replace"), b"Bearer " + self.server.token
        ):
            self.reply(401, {"error": "token"})
        else:
            question = question_of(address.query)
            if question is None:
                self.reply(400, {"error": f"q must be one question of 1 to {MAX_QUESTION} characters"})
            else:
                self.reply(200, self.server.knowledge.answer(question))

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code="-", size="-"):
        """Logs the status alone: the path holds the question."""
        self.log_message("%s %s", self.command, code)

    def log_error(self, *words):
        """Logs nothing: an ill-formed request's words are quoted in them. Its status is logged above."""


class Server(ThreadingHTTPServer):
    """The listener on loopback, with what it knows."""

    daemon_threads = True

    def __init__(self, address):
        self.token = credential("ask-token").encode()
        path = os.environ.get("KNOWLEDGE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.json")
        try:
            with open(path, encoding="utf-8") as file:
                self.knowledge = Knowledge(json.load(file))
        except (OSError, ValueError, KeyError, TypeError) as wrong:
            raise SystemExit(f"{path} must hold a list of question and answer: {wrong}") from None
        super().__init__(address, Answerer)


if __name__ == "__main__":
    Server((os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")))).serve_forever()
