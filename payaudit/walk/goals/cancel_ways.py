"""What on a page may lead to the end of a renewal, what ends it, and what only tells of it."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urljoin, urlsplit

from payaudit.perceive.choices import choices
from payaudit.perceive.consents import consent_boxes
from payaudit.perceive.controls import Control
from payaudit.perceive.grid import episode_grid
from payaudit.perceive.intents import best, guesses
from payaudit.perceive.menu_rows import menu_rows
from payaudit.perceive.periods import period_in
from payaudit.perceive.prices import amounts
from payaudit.perceive.taboo import taboo
from payaudit.perceive.texts import Text
from payaudit.walk.run import Run
from payaudit.walk.stage import View

Lead = tuple[Control, str, str]  # a control, the group of its words, why

ROW = "row"  # an entry of the viewer's own page that says nothing known
_OWN = frozenset({"account", "manage_renewal", "settings", "help", ROW})  # entries that lead to such a page
_WAYS = ("manage_renewal", "account", "settings", "menu", "help", "agreement_link")
_TOPICS = ("manage_renewal", "account", "settings", "help", "cancel")  # titles of articles, in a help page
_SUBJECTS = frozenset({"manage_renewal", "account", "settings", "help"})
_EDGES = " ›>»→▸❯…·•|-–—\u00a0\n"  # what stands about a caption and says nothing
_CAPTION = 28  # characters of an entry of a menu
_TITLE = 64  # characters of the title of an article
_COVERED = 0.5  # share of a caption that its word must fill
_PART = 0.25  # of one that joins several subjects
_MENTIONED = 0.3  # and of a button that names what it stops, or of a title among articles
_WHOLE = 0.9  # a caption that says nothing else
_LOGIN = 0.6  # score of a caption that asks for a login
_CLEAR = 0.7  # score of a caption that asks for something else
_ICON_PX = 72.0
_ICON = re.compile(
    r"(?:^|[^a-z])(?:avatar|user|profile|account|mine|my|me|member|personal|ucenter|usercenter|wode)(?:[^a-z]|$)",
    re.IGNORECASE,
)
_ACCEPTS = ("saving", "accept_gate", "pay", "unlock", "answer_yes", "consent", "starts_again", "login")
_FIGURE = re.compile(r"[\d%]")
_HEADINGS = frozenset({"H1", "H2", "H3", "H4", "H5", "H6", "LEGEND"})
_TITLES = _HEADINGS | {"P", "DT", "TH", "SUMMARY"}
_BAR_PX = 60.0  # a title bar's height
_NO_ENTRY = frozenset({"input", "select", "checkbox", "switch", "radio"})
_LETTERS = re.compile(r"\w+")


def leads(
    run: Run,
    view: View,
    came_by: str = "",
    caption: str = "",
    common: frozenset[tuple[str, str]] = frozenset(),
) -> list[Lead]:
    """Entries that may lead to the viewer's memberships, likeliest first.

    ``came_by`` is the group of the entry that led here, ``caption`` what it said: a bare text that
    repeats it is the page's title. ``common`` are the first page's entries (`mark`): of those only what
    says where it leads is one.
    """
    found: list[tuple[int, float, Control, str, str]] = []
    tree = view.screen.tree
    boxes = [b.control.node for b in consent_boxes(view.screen, run.lexicon)]
    rows = frozenset[int]()
    if came_by in _OWN and not _of_a_drama(view):
        rows = frozenset(c.node for c in menu_rows(view.screen, run.lexicon))
    for control in _pool(view):
        label = control.label.strip()
        sells = view.scene.kind == "paywall" and control in view.scene.pays
        if sells or control.role in _NO_ENTRY or not _stays_here(control, view):
            continue
        if any(tree.inside(b, control.node) or tree.inside(control.node, b) for b in boxes):
            continue  # a press might switch a renewal on
        if _titles(view, control, caption):
            continue
        if run.lexicon.has("account_end", label) or (run.lexicon.has("starts_again", label) and run.stored):
            continue
        rank, score, group = _entry(run, control, came_by)
        harmless = opens_page(control) or not run.stored
        if not group and (control.strong or control.node in rows) and harmless:
            rank, score, group = _names_in_part(run, label)
        # With somebody's own account nothing is pressed that is no link: it might do more than show a page.
        if not group and control.node in rows and harmless:
            group = "" if mark(control, view) in common else ROW
        # A caption that names the viewer's own subscriptions leads to them, though its words also sell.
        if group and (score >= _WHOLE or not _speaks_of_paying(run, control, view)):
            why = f"“{label}”" if label else "its author named it so"
            found.append((rank, -score, control, group, why))
    found.sort(
        key=lambda f: (f[0], f[1], f[2].tap is None, -f[2].strong, f[2].box[1], f[2].box[0], f[2].node)
    )
    return [(control, group, why) for _, _, control, group, why in found]


def stops(run: Run, view: View) -> list[Control]:
    """Controls in reach that stop a renewal by their caption, or a switch of it outside the paywall."""
    boxes = consent_boxes(view.screen, run.lexicon) if view.scene.kind != "paywall" else ()
    switches = [b.control for b in boxes if b.kind == "renewal" and b.control.tap is not None]
    named = [
        c
        for c in _pool(view)
        if _stops(run, c) and _stays_here(c, view) and (c.strong or not _heads(view, c))
    ]
    named.sort(key=lambda c: (c.tap is None, not c.strong, c.box[1], c.node))
    return [*named, *switches]


def goes_on(run: Run, control: Control) -> bool:
    """Whether a caption says itself that a further step follows before anything is stopped."""
    return share(run, "cancel_onward", control.label.strip()) >= _COVERED


def onward(run: Run, view: View) -> Control | None:
    """The button that leads to the next page of a form (Next, 下一步), by its caption.

    None on a page that sells, asks to stay, or wants something filled in: there it might accept or send that.
    """
    screen = view.screen
    sells = view.scene.kind in {"paywall", "plea"} or any(
        a.money is not None for t in screen.front for a in amounts(t.text)
    )
    if sells or any(c.role in {"input", "select"} for c in screen.reachable):
        return None
    if best("login", screen, run.lexicon, _LOGIN):
        return None
    found = [
        c
        for c in screen.reachable
        if c.strong
        and c.role in {"button", "link"}
        and _goes_to_the_next(run, c.label.strip())
        and not run.lexicon.has("stay", c.label)
        and taboo(c, screen, run.lexicon) is None
    ]
    return next(iter(found), None)


def reason(run: Run, view: View, *, asked: bool = False) -> Control | None:
    """The first answer to a page that asks why one leaves; None where one is given or nothing is asked.

    ``asked``: only where a mark of a question shows. Answers that name a period or a payment choose a plan.
    """
    if view.scene.kind == "paywall":
        return None
    answers = choices(view.screen, run.lexicon, asked=asked)
    if any(period_in(c.label) is not None or run.lexicon.has("pay", c.label) for c in answers):
        return None
    return next(iter(answers), None)


def declines(run: Run, view: View) -> Control | None:
    """What turns down an offer made on the way out; not what turns back from the way."""
    screen = view.screen
    found = best("decline", screen, run.lexicon, _CLEAR)
    return next(
        (
            c
            for c, _ in found
            if taboo(c, screen, run.lexicon) is None and not run.lexicon.has("stay", c.label)
        ),
        None,
    )


def confirms(run: Run, view: View) -> Control | None:
    """What confirms the end of a renewal that was asked for; None where it may only close a note.

    Its caption names what is confirmed, or its layer also lets one turn back.
    """
    buttons = [c for c in view.screen.reachable if c.strong and c.role in {"button", "link"}]
    said = [c for c in buttons if len(c.label) <= _CAPTION and run.lexicon.has("confirms", c.label)]
    if len(said) != 1 or view.scene.kind == "paywall":
        return None
    apart = view.screen.overlay is not None and len(buttons) > 1
    return said[0] if apart or share(run, "confirms", said[0].label.strip()) < _WHOLE else None


def told(run: Run, view: View) -> tuple[Text, str] | None:
    """A text which says that nothing renews yet and where or how it would be stopped, with those words."""
    for text in view.screen.front:
        if not run.lexicon.has("no_renewal", text.text):
            continue
        for group in ("stop_renewal", "cancel"):
            hits = run.lexicon.find(group, text.text)
            if hits:
                return text, text.text[hits[0].start : hits[0].end]
    return None


def opens_page(control: Control) -> bool:
    """Whether it is a link to a further page."""
    href = (control.href or "").strip().lower()
    return bool(href.strip("#/ ")) and not href.startswith("javascript")


def mark(control: Control, view: View) -> tuple[str, str]:
    """What tells an entry from others: where it leads, else its caption."""
    if opens_page(control):
        return ("", urljoin(view.step.url, control.href or ""))
    return (control.label.strip() or control.words, "")


def leads_nowhere(control: Control, view: View) -> bool:
    """Whether it is a link to the page that is open."""
    if not control.href or "#" in control.href:
        return False
    return urljoin(view.step.url, control.href) == urldefrag(view.step.url).url


def share(run: Run, group: str, label: str, longest: int = _CAPTION) -> float:
    """How much of a short caption the words of a group fill, its arrows and marks aside."""
    label = label.strip(_EDGES)
    if not label or len(label) > longest:
        return 0.0
    return sum(h.end - h.start for h in run.lexicon.find(group, label)) / len(label)


def _entry(run: Run, control: Control, came_by: str) -> tuple[int, float, str]:
    """Rank, score and group of what a control leads to; no group where it leads to none of these."""
    label = control.label.strip()
    for rank, group in enumerate(_WAYS):
        score = share(run, group, label)
        if group == "account" and not label and _drawn_as_account(control):
            score = 0.6
        if score >= _COVERED:
            return rank, score, group
    if opens_page(control) and 0 < len(label) <= _CAPTION and run.lexicon.has("stop_renewal", label):
        return 0, _COVERED, "manage_renewal"  # a page for those who think of cancelling
    if came_by == "help" and control.strong:
        # Titles of articles are sentences: that the subject is named is what can be asked.
        for rank, group in enumerate(_TOPICS):
            score = share(run, group, label, _TITLE)
            if score >= _MENTIONED:
                return rank, score, "help"
    return len(_WAYS), 0.0, ""


def _goes_to_the_next(run: Run, label: str) -> bool:
    """“Next” and no more, or at the end of a few words that promise nothing (“I understand, continue”)."""
    if share(run, "onward", label) >= _WHOLE:
        return True
    named = label.strip(_EDGES)
    promises = _FIGURE.search(named) or any(run.lexicon.has(group, named) for group in _ACCEPTS)
    ends = any(h.end == len(named) for h in run.lexicon.find("onward", named))
    return len(named) <= _CAPTION and ends and not promises


def _names_in_part(run: Run, label: str) -> tuple[int, float, str]:
    """Of a caption that joins several subjects: the group that its first or last words name whole."""
    named = label.strip(_EDGES)
    if not named or len(named) > _CAPTION or run.lexicon.has("agreement_link", named):
        return len(_WAYS), 0.0, ""
    for rank, group in enumerate(_WAYS):
        if group in _SUBJECTS and any(
            (h.start == 0 or h.end == len(named)) and h.end - h.start >= _PART * len(named)
            for h in run.lexicon.find(group, named)
        ):
            return rank, _COVERED, group
    return len(_WAYS), 0.0, ""


def _of_a_drama(view: View) -> bool:
    """Whether what is listed here are episodes or offers."""
    return view.scene.kind == "paywall" or bool(episode_grid(view.screen))


def _stops(run: Run, control: Control) -> bool:
    label = control.label.strip()
    if run.lexicon.has("ad_mark", label) or run.lexicon.has("starts_again", label):
        return False
    # A button may name at length what it stops; a link that only mentions it leads to words about it.
    names = control.strong and control.role == "button" and not opens_page(control)
    return share(run, "stop_renewal", label) >= (_MENTIONED if names else _COVERED) or goes_on(run, control)


def _heads(view: View, control: Control) -> bool:
    """Whether a bare text is the title of a page or of a paragraph rather than something to press."""
    top = control.box[1] < _BAR_PX and view.screen.tree.scroll_y < 1
    return top or _within(view, control, _TITLES)


def _titles(view: View, control: Control, caption: str) -> bool:
    """Whether words head the page or layer that opened: as a heading, or by what was pressed for it."""
    said = _bare(control.label) if control.role in {"text", "item"} else ""
    if said and _bare(caption).startswith(said):
        return True
    return not control.strong and _within(view, control, _HEADINGS)


def _within(view: View, control: Control, tags: frozenset[str]) -> bool:
    tree = view.screen.tree
    return any(tree.nodes[i].tag in tags for i in tree.ancestors(control.node)[:3])


def _bare(label: str) -> str:
    """A caption without its marks and icons."""
    return "".join(_LETTERS.findall(label)).casefold()


def _pool(view: View) -> list[Control]:
    """What can be pressed now, and on a page without a layer also what lies further down."""
    below = view.screen.overlay is None
    return [
        c
        for c in view.screen.controls
        if c.enabled and (c.tap is not None or (below and c.reach == "scroll"))
    ]


def _drawn_as_account(control: Control) -> bool:
    small = max(control.box[2:]) <= _ICON_PX
    return small and bool(_ICON.search(f"{control.words} {control.href or ''}".replace("_", "-")))


def _speaks_of_paying(run: Run, control: Control, view: View) -> bool:
    said = guesses(control, view.screen, run.lexicon)
    return any(said[i].score >= _CLEAR for i in ("pay", "unlock", "play", "login") if i in said)


def _stays_here(control: Control, view: View) -> bool:
    """Whether it leads to a page of the same site, as far as its address tells."""
    if not control.href:
        return True
    url = urlsplit(urljoin(view.step.url, control.href))
    return url.scheme in {"http", "https", "javascript"} and (
        url.scheme == "javascript" or url.hostname == urlsplit(view.step.url).hostname
    )
