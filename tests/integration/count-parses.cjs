// Loaded before ESLint, also in its threads: writes each text that oxc-parser is asked to parse into a log.
const { appendFileSync } = require('node:fs');
const Module = require('node:module');

const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  if (request !== 'oxc-parser') return loaded;
  return {
    ...loaded,
    parseSync(name, text, options) {
      appendFileSync(process.env.PARSED_LOG, `${JSON.stringify(text)}\n`);
      return loaded.parseSync(name, text, options);
    },
  };
};
