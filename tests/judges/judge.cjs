// Reads {name: card} on stdin, answers {name: [complaints]}: everything Microsoft's parser remarks on.
const fs = require("fs");
const path = require("path");
const vm = require("vm");

// The package's main does not load in plain Node; the bundle wants only a global object.
const bundle = path.join(__dirname, "node_modules", "adaptivecards", "dist", "adaptivecards.min.js");
const module_ = { exports: {} };
const sandbox = { module: module_, exports: module_.exports, console, self: {}, window: {}, document: {} };
vm.runInNewContext(fs.readFileSync(bundle, "utf8"), sandbox, { filename: bundle });
const cards = module_.exports.AdaptiveCard ? module_.exports : sandbox.self.AdaptiveCards || sandbox.window.AdaptiveCards;

function judge(json) {
  const context = new cards.SerializationContext();
  const card = new cards.AdaptiveCard();
  card.parse(json, context);
  const complaints = [];
  for (let i = 0; i < context.eventCount; i++) complaints.push(context.getEventAt(i).message);
  for (const failure of card.validateProperties().validationEvents) complaints.push(failure.message);
  return complaints;
}

const given = JSON.parse(fs.readFileSync(0, "utf8"));
const answers = Object.fromEntries(Object.entries(given).map(([name, card]) => [name, judge(card)]));
process.stdout.write(JSON.stringify(answers));
