"""A rule in plain sentences (规则白话): what it asks, of whom, by when, and with which exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from liuhen.engines.rulebook.forms.coverage import FOOTAGE_IN
from liuhen.engines.rulebook.language import Cite, Excuse, Has, Keep, Rule, Rulebook
from liuhen.engines.rulebook.load import load_rulebook, shipped, vocabulary_for
from liuhen.engines.rulebook.texts.saying import Saying, joined, phrases, say
from liuhen.ground.vocabulary import Vocabulary, default
from liuhen.ground.words import Words


@dataclass(frozen=True, slots=True)
class Said:
    """A rule as said (规则白话).

    Attributes:
        asks: one sentence. who: the role of whom it is asked. clock: by when. exceptions: what excuses or takes its place.
        notes: for which cases, weight, gate, attested, further articles.
    """

    asks: Words
    who: Words
    clock: Words
    exceptions: tuple[Words, ...]
    notes: tuple[Words, ...]

    @property
    def lines(self) -> tuple[Words, ...]:
        """Everything below the sentence, each line with its label."""
        clock = [say("clock", clock=self.clock)] if self.clock.zh else []
        exceptions = [say("exception", exception=e) for e in self.exceptions]
        return (say("who", role=self.who), *clock, *exceptions, *self.notes)


@cache
def _shipped(book: str) -> Rulebook | None:
    """Return a rulebook of the product, which another one names; None for one that is not of the product."""
    path = shipped().get(book)
    return load_rulebook(path, vocabulary_for([path], default())) if path is not None else None


class Sentences:
    """Says the rules of one rulebook (规则白话)."""

    def __init__(self, rulebook: Rulebook, vocabulary: Vocabulary) -> None:
        self.rulebook = rulebook
        self.saying = Saying(rulebook, vocabulary)
        self._rules = {rule.id: rule for rule in rulebook.rules}

    def said(self, rule: Rule) -> Said:
        """Return a rule in plain words."""
        return Said(
            self.asks(rule), self.saying.roles((rule.asks_from,)), self.clock(rule), tuple(self._exceptions(rule)),
            tuple(self._notes(rule)),
        )  # fmt: skip

    # -- the sentence ----------------------------------------------------------------------------------------------
    def when(self, rule: Rule) -> Words:
        """Return what makes a rule apply, with its conditions."""
        words, trigger = self.saying, rule.trigger
        kinds = trigger.kinds
        if trigger.type == "record":
            said = say("when_first" if trigger.first else "when_record", kinds=words.kinds(kinds))
        elif trigger.type == "state":
            said = say("when_state", subject=words.subject(trigger.each))
        elif trigger.type == "period":
            name = "when_period_end" if trigger.at_end else "when_period"
            said = say(name, subject=words.subject(trigger.per), period=phrases()[f"period_{trigger.each}"])
        elif trigger.type == "every" and trigger.every is not None:
            said = say("when_every", subject=words.subject(trigger.per), limit=words.limit(trigger.every))
        elif trigger.type == "gap":
            source = self._rules.get(trigger.gap_in)
            said = say("when_gap", rule=source.title if source is not None else trigger.gap_in)
        elif trigger.type == "lapse" and trigger.after and trigger.without and trigger.within:
            after, without = words.part(trigger.after), words.part(trigger.without)
            return self._if(rule, say("when_lapse", after=after, without=without, limit=words.limit(trigger.within)))
        else:
            mark = self.rulebook.marks.get(trigger.mark)
            said = say("when_mark", name=mark.words if mark is not None else trigger.mark)
        if trigger.where is not None:
            said = say("if", when=said, condition=words.condition(trigger.where, kinds))
        return self._if(rule, said)

    def _if(self, rule: Rule, said: Words) -> Words:
        if rule.condition is None:
            return said
        condition = self.saying.condition(rule.condition, rule.trigger.kinds)
        if rule.trigger.where is not None and rule.trigger.type != "lapse":
            return joined((said, condition), "both")
        return say("if", when=said, condition=condition)

    def asks(self, rule: Rule) -> Words:
        """Return what a rule asks, as one sentence."""
        when, words = self.when(rule), self.saying
        if rule.form == "response":
            then = words.parts(rule.then)
            if rule.for_each is not None:
                each = say("asks_each", field=words.field_name(rule.for_each[0], rule.trigger.kinds))
                then = joined((then, each))
            return say("asks_response" if rule.any_time else "asks_response_later", when=when, then=then)
        if rule.form == "content":
            return say("asks_content", when=when, has=self.contents(rule))
        if rule.form == "order":
            return say("asks_order", when=when, need=words.parts(rule.need))
        if rule.form == "coverage":
            return say("asks_coverage", when=when, extent=joined(self._extent(rule)))
        if rule.form == "retention":
            keep = joined(map(self._keep, rule.keep))
            if rule.raised_by:
                keep = say("keep_raised", keep=keep, parts=words.parts(rule.raised_by, "or"))
            return say("asks_retention", when=when, keep=keep)
        return say("asks_absence", when=when, bounds=self._bounds(rule))

    def contents(self, rule: Rule) -> Words:
        """Return what a content rule wants a record to carry."""
        return joined(self._has(rule.has, rule.trigger.kinds))

    def _has(self, has: Has, kinds: frozenset[str]) -> Iterator[Words]:
        words = self.saying
        if has.fields:
            listed = [joined((words.field_name(n, kinds) for n in names), "or") for names in has.fields]
            yield say("has_fields", names=joined(listed))
        if has.signatures:
            yield say("has_signatures", names=joined(words.roles(names) for names in has.signatures))
        for role in has.each_signs:
            yield say("has_each", name=words.roles((role,)))
        if has.approvals:
            yield say("has_approvals", names=joined(words.roles(names) for names in has.approvals))
        if has.officers:
            yield say("has_valid" if has.officers_valid else "has_officers", n=has.officers)
        for name, compare in has.compares:
            field = words.field(name, kinds)
            yield say("has_compare", test=words.compare(words.field_name(name, kinds), compare, field, kinds))
        if has.files:
            yield say("has_files", n=has.files)
        if has.parts:
            yield say("has_parts", parts=words.parts(has.parts))
        if has.names is not None:
            yield say("has_names", part=words.part(has.names))
        if has.links:
            yield say("has_links", names=joined(joined(map(words.subject, names), "or") for names in has.links))
        for apart in has.apart:
            names = words.roles(apart.roles, "and")
            if apart.beside is None:
                yield say("has_apart", names=names)
            else:
                there, part = words.roles(apart.there), words.part(apart.beside)
                yield say("has_apart_there", names=names, there=there, part=part)

    def _extent(self, rule: Rule) -> Iterator[Words]:
        said, words = phrases(), self.saying
        yield said[f"extent_{rule.extent}"]
        if rule.gaps != "any":
            yield said[f"gaps_{rule.gaps}"]
        recordings = words.vocabulary.with_role("recording")
        for field, name, values in (
            ("device_type", "by_device", [rule.device] if rule.device else []),
            ("media", "of_media", sorted(rule.media)),
        ):
            found = words.field(field, recordings)
            listed = [found.values.get(v) or Words(v, v) for v in values] if found is not None else []
            if listed and name == "by_device":
                yield say(name, device=joined(listed, "or"))
            elif listed:
                yield say(name, media=joined(listed, "or"))
        if rule.who:
            yield said["each_officer"]
        if rule.tolerance is not None:
            yield say("tolerance", limit=words.limit(rule.tolerance))

    def _keep(self, keep: Keep) -> Words:
        if keep.case_file:
            return phrases()["keep_file"]
        if keep.klass:
            return phrases()[f"keep_{keep.klass}"]
        assert keep.limit is not None
        return say("keep_limit", limit=self.saying.limit(keep.limit))

    def _bounds(self, rule: Rule) -> Words:
        out = []
        if rule.hours is not None:
            out.append(say("absent_hours", start=rule.hours[0], end=rule.hours[1]))
        if rule.day_type:
            out.append(say("absent_day", day=phrases()[f"day_{rule.day_type}"]))
        if rule.second_of:
            out.append(say("absent_second", subject=self.saying.subject(rule.second_of)))
        return Words("".join(w.zh for w in out), "".join(w.en for w in out))

    # -- the clock -------------------------------------------------------------------------------------------------
    def clock(self, rule: Rule) -> Words:
        """Return by when it is asked; empty for what holds at once."""
        if rule.form == "coverage":
            return say("footage_in", limit=self.saying.limit(rule.within or FOOTAGE_IN))
        if rule.form != "response":
            return Words("", "")
        out = [self._limit(rule)] if self._limited(rule) else []
        if rule.waits is not None:
            out.append(say("waits", limit=self.saying.limit(rule.waits)))
        if not out:
            if rule.trigger.type in ("every", "period"):
                return Words("", "")
            return say("no_number", subject=self.saying.subject(rule.per))
        out += self._longer(rule)
        return Words("；".join(w.zh for w in out), "; ".join(w.en for w in out))

    @staticmethod
    def _limited(rule: Rule) -> bool:
        return rule.within is not None or bool(rule.by_field or rule.by_month_day or rule.by_end_of)

    def _limit(self, rule: Rule) -> Words:
        words, kinds = self.saying, rule.trigger.kinds
        if rule.within is not None:
            start = (
                phrases()["start_period"]
                if rule.trigger.type in ("period", "lapse")
                else self._start(rule.start, kinds)
            )
            return say("within", start=start, limit=words.limit(rule.within, kinds))
        if rule.by_field:
            return say("by_field", field=words.field_name(rule.by_field, kinds))
        if rule.by_month_day:
            return say("by_month_day", month=rule.by_month_day[0], day=rule.by_month_day[1])
        clock = phrases()[f"by_end_{rule.by_end_of}"]
        hour = rule.by_hour
        if rule.by_hour_setting:
            setting = self.rulebook.settings[rule.by_hour_setting]
            return say("by_hour", clock=clock, hour=say("value_set", value=str(setting.value)))
        return say("by_hour", clock=clock, hour=hour) if hour else clock

    def _start(self, start: str, kinds: frozenset[str]) -> Words:
        found = phrases().get(f"start_{start}")
        return found or say("value_field", field=self.saying.field_name(start, kinds))

    def _longer(self, rule: Rule) -> Iterator[Words]:
        words = self.saying
        if rule.rolls:
            yield phrases()["rolls"]
        if rule.extended is not None:
            limit = words.limit(rule.extended.limit, rule.extended.by.kinds)
            said = say("extended", by=words.part(rule.extended.by), limit=limit)
            if name := rule.extended.not_after:
                said = say("not_after", said=said, field=words.field_name(name, rule.extended.by.kinds))
            yield said
        for stop in rule.stops:
            if stop.until is None:
                yield say("stopped_during", part=words.part(stop.start))
            else:
                said = say("stopped_between", start=words.part(stop.start), until=words.part(stop.until))
                if stop.expected:
                    said = say("at_latest", said=said, field=words.field_name(stop.expected, stop.start.kinds))
                yield said
        if rule.instead is not None:
            by = rule.instead.by
            start = self._start(rule.instead.start, by.kinds)
            yield say("instead", by=words.part(by), start=start, limit=words.limit(rule.instead.limit, by.kinds))

    # -- what lies beside it ---------------------------------------------------------------------------------------
    def _exceptions(self, rule: Rule) -> Iterator[Words]:
        words = self.saying
        for excuse in rule.excused:
            yield self.excuse(excuse, rule)
        if rule.stand_in is not None:
            by, then = rule.stand_in
            yield say("stand_in", by=words.part(by), then=words.parts(then))
        if rule.explained is not None and rule.form == "coverage" and rule.explained.where is not None:
            yield say("has_parts", parts=words.part(rule.explained))
        if rule.released_by:
            yield say("released", parts=words.parts(rule.released_by, "or"))
        if rule.takes_the_place_of:
            yield say("place_of", rules=joined(self._named(name) for name in rule.takes_the_place_of))

    def _named(self, name: str) -> Words:
        """Return a rule, of this text or of a shipped one, by its title and article; by its id where nobody knows it."""
        book, _, id_ = name.rpartition("/")
        source = self.rulebook if book in ("", self.rulebook.id) else _shipped(book)
        rule = next((r for r in source.rules if r.id == id_), None) if source is not None else None
        if source is None or rule is None:
            return Words(name, name)
        cite = Cite(source.id, rule.article, source.short).words()
        return Words(f"“{rule.title.zh}”（{cite.zh}）", f"“{rule.title.en}” ({cite.en})")

    def excuse(self, excuse: Excuse, rule: Rule) -> Words:
        """Return what excuses, and from what."""
        words = self.saying
        by = words.part(excuse.by)
        if excuse.all:
            said = say("excused", by=by)
        else:
            named = [words.kinds(excuse.kinds)] if excuse.kinds else []
            named += [words.field_name(f, rule.trigger.kinds) for f in sorted(excuse.fields)]
            named += [words.roles(sorted(excuse.signatures), "and")] if excuse.signatures else []
            said = say("excused_parts", by=by, parts=joined(named))
        return say("excused_beside", excuse=said, beside=words.parts(excuse.beside)) if excuse.beside else said

    def _notes(self, rule: Rule) -> Iterator[Words]:
        words = self.saying
        if rule.actions and rule.actions != self.rulebook.actions:
            yield say("only_for", actions=words.actions(rule.actions))
        if rule.also_for is not None:
            yield say("also", actions=words.actions(rule.also_for.actions), article=rule.also_for.article)
        if rule.weight != "duty":
            yield say("weight", weight=phrases()[f"weight_{rule.weight}"])
        if rule.gate:
            yield phrases()["gate"]
        if rule.attested:
            yield phrases()["attested"]
        if rule.cites:
            yield say("cites", articles="、".join(rule.cites))
