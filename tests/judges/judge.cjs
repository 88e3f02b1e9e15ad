// Reads {name: card} on stdin, answers {name: [complaints]} on stdout: everything Microsoft's parser remarks on.
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");

// The package's main does not load in plain Node. The bundle does: it only wants to see a global object.
const bundle = path.join(__dirname, "node_modules", "adaptivecards", "dist", "adaptivecards.min.js");
const exported = { exports: {} };
const globals = { module: exported, exports: exported.exports, console, self: {}, window: {}, document: {} };
vm.runInNewContext(fs.readFileSync(bundle, "utf8"), globals, { filename: bundle });
const { AdaptiveCard, HostConfig, SerializationContext } = exported.exports;

// Teams shows six buttons at once; the parser's own default is five.
const teams = new HostConfig({ actions: { maxActions: 6 } });

function complaintsAbout(json) {
  const context = new SerializationContext();
  const card = new AdaptiveCard();
  card.hostConfig = teams;
  try {
    card.parse(json, context);
  } catch (error) {
    // One unreadable card must not hide what there is to say about the others.
    return [`cannot be read: ${error.message}`];
  }
  const remarks = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index));
  return [...remarks, ...card.validateProperties().validationEvents].map((remark) => remark.message);
}

const cards = JSON.parse(fs.readFileSync(0, "utf8"));
const answers = Object.entries(cards).map(([name, card]) => [name, complaintsAbout(card)]);
process.stdout.write(JSON.stringify(Object.fromEntries(answers)));
