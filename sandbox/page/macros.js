// Times that a card leaves to Teams, {{DATE(…)}} and {{TIME(…)}}: Teams writes them in a TextBlock. In a TextRun of a channel,
// and in a FactSet, it shows the macro itself, which Microsoft's package does not. So it is taken from the package here.
/* global AdaptiveCards */

const MACRO = /\{\{(?=(?:DATE|TIME)\()/g;
// A sign without width between the braces: the package sees no macro any more, the reader sees one.
const raw = (text) => text.replace(MACRO, "{\u2060{");

export function takeMacrosFromRuns() {
  const render = AdaptiveCards.TextRun.prototype.render;
  AdaptiveCards.TextRun.prototype.render = function shownRaw() {
    const text = this.text;
    this.text = raw(text ?? "");
    const drawn = render.call(this);
    this.text = text;
    return drawn;
  };
  const facts = AdaptiveCards.FactSet.prototype.render;
  AdaptiveCards.FactSet.prototype.render = function factsRaw() {
    for (const fact of this.facts) [fact.name, fact.value] = [raw(fact.name ?? ""), raw(fact.value ?? "")];
    return facts.call(this);
  };
}
