"""Rules in use: those of the files, and over them what people promoted; each change a version with author and note."""

import threading
from collections.abc import Callable

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.detect.keeping_ports import RuleStore, RuleWork
from tallyward.detect.kept_rules import (
    FILES,
    GIVEN,
    Action,
    Version,
    check_room,
    checked_note,
    in_use,
    named_rule,
    named_text,
    overlaid,
    read_rule,
)
from tallyward.kernel.actor import Actor
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from tallyward.kernel.ids import RuleId
from tallyward.registry.audit import AuditEntry


class RuleKeeping:
    """The use cases. Rules hold for every card, so only who speaks for all of them changes one."""

    def __init__(self, store: RuleStore, base: RuleBook, clock: Clock, speaks_for_all: Callable[[Actor], bool]) -> None:
        """`base` are the rules of the files."""
        self._store = store
        self._base = base
        self._clock = clock
        self._speaks_for_all = speaks_for_all
        self._read: tuple[int, RuleBook, dict[RuleId, Version]] | None = None
        self._lock = threading.Lock()

    # What is in use

    def book(self) -> RuleBook:
        """The rules in use, as of now: a promotion by another process is in it."""
        return self._now()[1]

    def kept(self) -> dict[RuleId, Version]:
        """The newest version of each rule that has one."""
        return dict(self._now()[2])

    def base(self, rule: RuleId) -> Rule | None:
        """The rule as the files have it."""
        return self._base.rule(rule)

    def versions(self, actor: Actor, rule: RuleId) -> tuple[Version, ...]:
        """All versions of a rule, newest first; refuses with `detect.no_rule` where no rule ever had that id."""
        found = self._store.versions(rule)
        if not found and self._base.rule(rule) is None:
            raise NotFoundError("detect.no_rule", rule=rule[:40])
        return tuple(one.seen_by(actor.scope) for one in found)

    def text(self, rule: RuleId, number: int | None = None) -> str:
        """The text in use, or that of a version, or (0) of the files; `detect.no_version` where there is none."""
        if number is None:
            found = self.book().rule(rule)
        elif number == FILES:
            found = self._base.rule(rule)
        else:
            kept = next((one for one in self._store.versions(rule) if one.number == number), None)
            if kept is not None and kept.text is not None:
                return kept.text
            found = self._base.rule(rule) if kept is not None and kept.action is Action.ROLL_BACK else None
        if found is None:
            raise NotFoundError("detect.no_version", rule=rule[:40], to=str(number or rule)[:40])
        return found.text

    def named(self, rule: RuleId, to: str) -> Rule:
        """A version of a rule, as one names it to go back to it: `kept_rules.named_rule` tells how, and refuses."""
        return named_rule(rule, to, self._store.versions(rule), self._base.rule(rule))

    def may_change(self, actor: Actor) -> bool:
        """Whether the actor may change what holds for every card, whatever her role."""
        return self._speaks_for_all(actor)

    def check_may_change(self, actor: Actor) -> None:
        """Refuse with `detect.rules_of_all`."""
        if not self.may_change(actor):
            raise ForbiddenError("detect.rules_of_all")

    # Changes

    def promote(
        self, actor: Actor, data: bytes, note: str = "", *, file: str = GIVEN, instead_of: str | None = None
    ) -> Version:
        """Make a text the one in use of its rule.

        Refuses as `read_rule` does; with `detect.rule_in_use` a text that is in use already; with
        `detect.rule_changed` where another version than `instead_of` (empty: none) is in use by now.
        """
        self.check_may_change(actor)
        rule, told = read_rule(data, file), checked_note(note)
        with self._store.work(actor.scope) as work:
            used = self._used(work, rule.id)
            if instead_of is not None and (used[0] if used else "") != instead_of:
                raise ConflictError("detect.rule_changed", rule=rule.id, version=used[0] if used else "-")
            return self._keep(work, actor, Action.PROMOTE, rule.id, (rule.version, rule.text), told)

    def roll_back(self, actor: Actor, rule: RuleId, to: str, note: str = "") -> Version:
        """Go back to a version: its number, what it is called (the newest of that name), or 0 for the files' text.

        Refuses with `detect.no_version`, or with `detect.rule_in_use` where it is in use.
        """
        self.check_may_change(actor)
        told = checked_note(note)
        with self._store.work(actor.scope) as work:
            target = named_text(rule, to.strip(), work.versions(rule), self._base.rule(rule))
            return self._keep(work, actor, Action.ROLL_BACK, rule, target, told)

    def retire(self, actor: Actor, rule: RuleId, note: str = "") -> Version:
        """Take a rule out of use; it can be rolled back to. Refuses with `detect.no_rule`, `detect.rule_last`."""
        self.check_may_change(actor)
        told = checked_note(note)
        with self._store.work(actor.scope) as work:
            used = self._used(work, rule)
            if used is None:
                raise NotFoundError("detect.no_rule", rule=rule[:40])
            return self._keep(work, actor, Action.RETIRE, rule, (used[0], None), told)

    def _keep(
        self, work: RuleWork, actor: Actor, action: Action, rule: RuleId, what: tuple[str, str | None], note: str
    ) -> Version:
        earlier = work.versions(rule)
        number = earlier[0].number + 1 if earlier else 1
        at = self._clock.now()
        new = Version(rule, number, action, *what, actor.name, actor.scope.enterprise, at, note)
        files, used = self._base.rule(rule), self._used(work, rule)
        if used is not None and used == in_use(files, new):
            raise ConflictError("detect.rule_in_use", rule=rule, version=new.version)
        check_room(self._base, [*work.newest(), new])
        told: dict[str, str | int | None] = {"number": number, "version": new.version, "note": note}
        work.keep(new, AuditEntry(at, actor.name, actor.scope.enterprise, f"rule.{action}", f"rule {rule}", told))
        return new

    def _used(self, work: RuleWork, rule: RuleId) -> tuple[str, str] | None:
        return in_use(self._base.rule(rule), next(iter(work.versions(rule)), None))

    def _now(self) -> tuple[int, RuleBook, dict[RuleId, Version]]:
        with self._lock:
            if self._read is None or self._store.changes() != self._read[0]:
                changes, newest = self._store.newest()
                self._read = changes, overlaid(self._base, newest), {one.rule: one for one in newest}
            return self._read
