"""What a viewer might do next on the way to the paywall, likeliest first.

Only what plays, lists, opens or numbers episodes is proposed, and ways past gates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from payaudit.perceive.ads import is_ad
from payaudit.perceive.choices import answered, choices
from payaudit.perceive.controls import Control
from payaudit.perceive.episode_number import number_in
from payaudit.perceive.gates import Gate, gate_of
from payaudit.perceive.grid import EpisodeControl, episode_grid, episode_grid_in_front, locked_cells
from payaudit.perceive.intents import best, guesses
from payaudit.perceive.paint import area, intersect
from payaudit.perceive.pressables import ICON_PX
from payaudit.perceive.prices import amounts
from payaudit.perceive.scene import gate_controls
from payaudit.perceive.tab_bar import tab_bar
from payaudit.perceive.taboo import taboo
from payaudit.perceive.tiles import captions, tiles, titles
from payaudit.perceive.tree import painted
from payaudit.walk.goals.trail import Kind, Memory, Proposal, Trail, signature
from payaudit.walk.run import Run
from payaudit.walk.stage import View

_PROBES = 4  # episodes tried where no lock is to be seen
_SCROLLS = 4
_SWIPES = 40
_IDLE_WAITS = 2
_WATCHES = 4  # in a row without a change
_BACKS = 3
_FORMS = 2
_DRAMAS = 3  # titles are enough to tell
_PLAYER = 0.2  # of the viewport; smaller pictures are no player
_MARKS = 6
_LEADS_OUT = re.compile(r"share|fenxiang|down|app|store|like|follow|report|cart|ad", re.IGNORECASE)
_LISTS = re.compile(r"list|menu|episod|catalog|xuanji|mulu|grid|next|capit|folge", re.IGNORECASE)
_ANSWER = 40  # characters of an answer; longer words explain
_ANSWERS = 3
_CLEAR = 0.6
_COMMITS = frozenset({"pay", "unlock", "login", "agreement_link", "grant_passwordless"})
_FULL = 0.85  # of the viewport; a layer of that size is a page
_BRINGS = frozenset({"episode", "unlock", "next_episode", "play", "drama", "gate"})
_LEADING = ("drama", "play", "episodes", "unlock", "episode", "gate", "shop", "tab")
_SHOPS = ("topup", "tab_coins", "tab_subscription")
_ENTRY = 16  # characters of an entry to a shop
_SHOPS_HERE, _SHOPS_TRIED = 2, 6  # entries that are pressed on one screen, and in all
_PARTS = 4  # of an app that are looked at
_REPEATED = frozenset({"next_episode"})


class Proposals:
    """Reads one screen after another for what could be done on it."""

    def __init__(self, run: Run, trail: Trail, memory: Memory) -> None:
        self._run = run
        self._lexicon = run.lexicon
        self._trail = trail
        self._memory = memory

    def of(self, view: View) -> Iterator[Proposal]:
        """In order of likelihood; forbidden ones are left out."""
        for proposals in (
            self._known, self._gates, self._answers, self._grid, self._questions, self._layer, self._openers,
            self._onward, self._dramas, self._unlocks, self._quizzes, self._captions, self._titles,
            self._looks, self._marks, self._shops, self._tabs, self._bars, self._retreat,
        ):  # fmt: skip
            for proposal in proposals(view):
                if proposal.control is None or not self._forbidden(view, proposal):
                    yield proposal

    def _forbidden(self, view: View, proposal: Proposal) -> bool:
        assert proposal.control is not None  # noqa: S101 - the caller asked; narrows the type
        leads_on = proposal.intent in {"play", "drama", "episodes", "unlock"}
        on_ad = (
            not self._trail.inside
            and leads_on
            and is_ad(view.screen, self._lexicon)
            and not self._lexicon.has("ad_mark", proposal.control.label)
        )
        episode = proposal.intent in {"episode", "next_episode"}
        return taboo(proposal.control, view.screen, self._lexicon, may_leave=on_ad or episode) is not None

    def _known(self, view: View) -> list[Proposal]:
        said, intent = self._memory.way.get(view.scene.key, ("", ""))
        kind: Kind = "repeat" if intent in _REPEATED else "press"
        return [
            Proposal(kind, "on this screen it led on to the paywall before", intent, c, score=1.0)
            for c in view.screen.reachable
            if said and signature(c) == said
        ][:1]

    def past_gates(self, view: View) -> list[Proposal]:
        """Only what leads past something in the way; nothing where the way to the paywall went on."""
        known = self._known(view)
        if view.scene.kind == "paywall" or (known and known[0].intent != "gate"):
            return []
        layered = view.screen.overlay is not None
        found = [*known, *self._gates(view), *self._layer(view)]
        if not layered:
            refused = best("reject_cookies", view.screen, self._lexicon, _CLEAR)
            found += [
                Proposal("press", f"{g.why}; a bar lies over the page", "gate", c, score=g.score)
                for c, g in refused
            ]
        return [p for p in found if p.control is None or not self._forbidden(view, p)]

    def gate(self, view: View) -> Gate | None:
        """The gate in front."""
        return gate_of(view.screen, self._lexicon, self._run.info.locale)

    def _gates(self, view: View) -> list[Proposal]:
        if episode_grid_in_front(view.screen):
            return []
        gate = self.gate(view)
        found: list[Proposal] = []
        if gate is not None and gate.kind != "notice":
            # One language is enough: then what confirms it.
            chosen = any(
                w.intent == "language_name" and self._trail.has_pressed(w.control) for w in gate.ways
            )
            found = [
                Proposal("press", w.why, "gate", w.control, score=w.score)
                for w in gate.ways
                if not (chosen and w.intent == "language_name")
            ]
            if gate.fields and self._trail.counts["form"] < _FORMS:
                why = f"a {gate.kind} form stands before the content"
                form = Proposal("fill", why, "form", score=0.6)
                found = [form, *found] if gate.kind == "age" else [*found, form]
            return found
        # A layer that leaves a list of episodes free stands in the way only where a press brought it.
        free = bool(episode_grid(view.screen)) and view.step.action.intent not in _BRINGS
        if view.scene.kind == "gate" or (view.screen.overlay is not None and not free):
            found = [
                Proposal("press", why, "gate", c, score=score)
                for c, why, score in gate_controls(view.screen, self._lexicon)
            ]
        return found

    def _answers(self, view: View) -> list[Proposal]:
        """What a press brought up and can be declined, though it lies over nothing and so is no layer."""
        if view.step.action.intent not in _BRINGS or view.scene.cards or view.screen.overlay is not None:
            return []
        return [
            Proposal("press", f"the press before brought it up; {g.why}", "gate", c, score=g.score)
            for intent in ("continue_web", "guest", "decline", "close")
            for c, g in best(intent, view.screen, self._lexicon, 0.6)
            if c.label not in self._trail.labels
        ]

    def _grid(self, view: View) -> list[Proposal]:
        cells = episode_grid(view.screen)
        if cells:
            self._trail.inside = True
        if cells and self._is_put_away(view, cells):
            return []
        if not cells or self._trail.counts["episode"] > _PROBES:
            return []
        locked = locked_cells(cells, self._lexicon)
        if locked:
            order, why, score = locked[:2], "it is the first episode marked as locked", 0.95
        else:
            last = cells[-1]
            middle = next((c for c in cells if c.number >= 12), last)  # noqa: PLR2004 - paywalls begin at 8 to 12 (press reports)
            order, score = (middle, last), 0.7
            why = "no lock is to be seen; paywalls rarely begin later than this"
        known = [c for c in cells if c.number == self._memory.episode]
        return [
            Proposal("press", f"episode {c.number}: {why}", "episode", c.control, c.number, score)
            for c in dict.fromkeys((*known, *order))
            if c.number not in self._trail.episodes
        ]

    def _is_put_away(self, view: View, cells: tuple[EpisodeControl, ...]) -> bool:
        """Whether a list lies off screen, as a drawer does, and what brings it was not pressed yet."""
        return not any(c.control.tap for c in cells) and any(
            not self._trail.has_pressed(c)
            for c, _ in best("episodes", view.screen, self._lexicon, _CLEAR)
            if c.strong and number_in(c.label) is None
        )

    def _openers(self, view: View) -> list[Proposal]:
        found = [
            Proposal("press", f"to see the list of episodes: {g.why}", "episodes", c, score=g.score)
            for c, g in best("episodes", view.screen, self._lexicon, 0.55)
            if not amounts(c.label)  # a whole series for sale is no list of it
            and (c.strong or number_in(c.label) is None)  # "Episode 3 of 48" only says where one is
        ]
        parts = {c.node for c in tab_bar(view.screen)}  # 追剧 in such a bar leads to a list of one's own
        found += [
            Proposal("press", f"to start watching: {g.why}", "play", c, score=g.score)
            for c, g in best("play", view.screen, self._lexicon, 0.6)
            if not any(view.screen.tree.inside(c.node, part) for part in parts)
        ]
        return found

    def _onward(self, view: View) -> list[Proposal]:
        said = best("next_episode", view.screen, self._lexicon, 0.55)
        self._trail.inside = self._trail.inside or bool(said)
        # A hint to swipe is no button.
        found = [(c, g) for c, g in said if not self._lexicon.has("swipe_on", c.label)]
        hinted = view.screen.overlay is None and self._lexicon.has("swipe_on", view.screen.words)
        swipe = Proposal("swipe", "a hint on the screen says that a swipe leads on", "swipe")
        return ([swipe] if hinted and self._may_swipe(view) else []) + [
            Proposal(
                "repeat", f"to go on to the next episode: {g.why}", "next_episode", c, score=g.score
            )
            for c, g in found
        ]  # fmt: skip

    def _dramas(self, view: View) -> list[Proposal]:
        if self._trail.counts["drama"] >= _DRAMAS:
            return []
        why = "it looks like a drama in a list"
        return [Proposal("press", why, "drama", c) for c in tiles(view.screen)[:3]]

    def _unlocks(self, view: View) -> list[Proposal]:
        return [
            Proposal("press", f"it offers to unlock or pay: “{c.label[:30]}”", "unlock", c)
            for c in view.scene.pays
            if c.strong
        ][:2]

    def _layer(self, view: View) -> list[Proposal]:
        """A layer that no words explain: its close mark, then its main button."""
        if view.screen.overlay is None or view.scene.cards or episode_grid(view.screen):
            return []
        if _has_player(view) and area(view.screen.paint.shown(view.screen.overlay.index)) >= _FULL * area(
            view.screen.paint.viewport
        ):
            return []  # a player laid over its list: what one came for
        away = {c.node for c, _ in best("back", view.screen, self._lexicon, 0.6)}
        found = [
            Proposal("press", f"a layer stands in the way: {g.why}", "gate", c, score=g.score)
            for c, g in best("close", view.screen, self._lexicon, 0.6)
        ]
        first = "a layer stands in the way and this is its first button"
        buttons = [
            Proposal("press", first, "gate", c, score=0.4)
            for c in view.screen.reachable
            if c.role in {"button", "link"}
            and c.strong
            and c.node not in away
            and view.screen.tree.inside(c.node, view.screen.scope)
        ]
        return found + buttons[:2] + self._plain_answers(view)

    def _plain_answers(self, view: View) -> list[Proposal]:
        """Words in a layer whose page listens elsewhere, from its foot up: answers stand below questions."""
        found = [
            c
            for c in view.screen.reachable
            if c.role == "text"
            and len(c.label.strip()) <= _ANSWER
            and view.screen.tree.inside(c.node, view.screen.scope)
            and not _COMMITS
            & {i for i, g in guesses(c, view.screen, self._lexicon).items() if g.score >= _CLEAR}
        ]
        found.sort(key=lambda c: (-c.box[1], c.box[0]))
        why = "a layer stands in the way and this may be an answer to it"
        return [Proposal("press", why, "gate", c, score=0.3) for c in found[:_ANSWERS]]

    def _questions(self, view: View) -> list[Proposal]:
        """A quiz in a layer before the offers: its first answer, then what leads on."""
        return self._quiz(view) if view.screen.overlay is not None else []

    def _quizzes(self, view: View) -> list[Proposal]:
        """The same on a page, once nothing there plays, lists or opens an episode."""
        return self._quiz(view) if view.screen.overlay is None else []

    def _quiz(self, view: View) -> list[Proposal]:
        screen = view.screen
        if (
            view.scene.cards
            or view.scene.kind == "paywall"
            or episode_grid_in_front(screen)
            or self._run.stored
        ):
            return []
        why = "a question stands in the way; any answer leads on"
        found = [Proposal("press", why, "gate", c, score=0.45) for c in choices(screen, self._lexicon)[:1]]
        if not found and answered(screen, self._lexicon):
            onward = (
                c
                for c in screen.reachable
                if c.strong
                and c.role in {"button", "link"}
                and self._lexicon.has("onward", c.label)
                and screen.tree.inside(c.node, screen.scope)
            )
            found = [Proposal("press", "the question is answered; this leads on", "gate", c) for c in onward]
        return found

    def _captions(self, view: View) -> list[Proposal]:
        """A list of dramas without links or buttons, on a page that listens elsewhere."""
        if self._trail.inside or view.screen.overlay is not None or self._trail.counts["drama"] >= _DRAMAS:
            return []
        why = "it is the caption of a picture that looks like a drama"
        return [Proposal("press", why, "drama", c, score=0.3) for c in captions(view.screen)[:_DRAMAS]]

    def _titles(self, view: View) -> list[Proposal]:
        """A list of dramas that has no pictures: links whose words name nothing else."""
        if self._trail.inside or view.screen.overlay is not None or self._trail.counts["drama"] >= _DRAMAS:
            return []
        why = "it is a link whose words may be the title of a drama"
        return [
            Proposal("press", why, "drama", c, score=0.3)
            for c in titles(view.screen, self._lexicon)[:_DRAMAS]
        ]

    def _looks(self, view: View) -> list[Proposal]:
        counts = self._trail.counts
        found: list[Proposal] = []
        # A page that a scroll left at its top holds a deck that moves by itself.
        deck = counts["scroll"] > 0 and view.screen.tree.scroll_y == 0
        feed = deck or not view.screen.page_scrolls
        if view.screen.page_scrolls and counts["scroll"] < _SCROLLS:
            found.append(Proposal("scroll", "to see what lies further down", "scroll"))
        if feed and self._may_swipe(view):
            found.append(Proposal("swipe", "to go on to the next item of the feed", "swipe"))
        if counts["point"] < 1:
            found.append(Proposal("point", "to wake a player's controls", "point"))
        if counts["wait"] < _IDLE_WAITS:
            found.append(Proposal("wait", "to let a late layer come", "wait"))
        if _has_player(view) and counts["watch"] < _WATCHES:
            found.append(Proposal("watch", "to let the episode play to its end", "watch"))
        return found

    def _may_swipe(self, view: View) -> bool:
        """Whether swipes still move anything, and were not tried often enough."""
        swipes = self._trail.counts["swipe"]
        new = view.screen.words not in self._trail.words
        return swipes < _SWIPES and (swipes == 0 or view.step.outcome.changed or new)

    def _marks(self, view: View) -> list[Proposal]:
        """Marks without words beside a player: what they do is only known by pressing them."""
        if view.screen.overlay is not None or not _has_player(view) or self._trail.counts["mark"] >= _MARKS:
            return []
        found = [
            c
            for c in view.screen.reachable
            if c.strong
            and c.role == "button"
            and max(c.box[2:]) <= ICON_PX
            and not any(view.screen.tree.inside(t.node, c.node) for t in view.screen.texts)
            and _LEADS_OUT.search(c.words) is None
        ]
        found.sort(key=lambda c: (_LISTS.search(c.words) is None, -c.box[1], -c.box[0]))
        why = "a mark without words beside the player; what it does is not known yet"
        return [Proposal("press", why, "mark", c, score=0.3) for c in found]

    def _shops(self, view: View) -> list[Proposal]:
        """Words that lead to where coins or memberships are sold, where no episode led to it."""
        here = sum(key == view.scene.key and intent == "shop" for key, _, intent in self._trail.path)
        if here >= _SHOPS_HERE or self._trail.counts["shop"] >= _SHOPS_TRIED or self._run.stored:
            return []
        why = "its words lead to where coins or memberships are sold"
        return [
            Proposal("press", why, "shop", c, score=0.35)
            for c in view.screen.reachable
            if 0 < len(c.label.strip()) <= _ENTRY
            and any(self._lexicon.has(group, c.label) for group in _SHOPS)
            and not self._commits(view, c)
        ]

    def _tabs(self, view: View) -> list[Proposal]:
        """The other main parts of an app: what is sought may begin in any of them."""
        if self._trail.counts["tab"] >= _PARTS or view.screen.overlay is not None or self._run.stored:
            return []
        why = "nothing is left to try here; another main part of the app"
        return [
            Proposal("press", why, "tab", c, score=0.3)
            for c in tab_bar(view.screen)
            if c.state is not True and not self._commits(view, c)
        ]

    def _commits(self, view: View, control: Control) -> bool:
        """Whether a caption asks to pay, which only a press that expects a payment may do."""
        asks = any(self._lexicon.has(group, control.label) for group in ("pay", "unlock"))
        return asks or bool(amounts(control.label)) or control in view.scene.pays

    def _bars(self, view: View) -> list[Proposal]:
        """A cookie bar that leaves the page free: refused once nothing else is left to try."""
        if view.screen.overlay is not None or not self._lexicon.has("cookies", view.screen.words):
            return []
        return [
            Proposal("press", f"{g.why}; a cookie bar may hide what is sought", "gate", c, score=g.score)
            for intent in ("reject_cookies", "close", "accept_gate")
            for c, g in best(intent, view.screen, self._lexicon, 0.6)
        ]

    def _retreat(self, view: View) -> list[Proposal]:
        steps = sum(self._trail.counts[i] for i in _LEADING)
        if not steps or self._trail.counts["back"] >= _BACKS or view.scene.key in self._trail.left:
            return []
        return [Proposal("back", "nothing is left to try here; back to what was not tried yet", "back")]


def _has_player(view: View) -> bool:
    """Whether something that plays fills a good part of the screen."""
    paint = view.screen.paint
    least = _PLAYER * area(paint.viewport)
    return any(
        n.tag in {"VIDEO", "CANVAS"}
        and painted(n)
        and area(intersect(paint.shown(n.index), paint.viewport)) >= least
        for n in view.screen.tree.nodes
    )
