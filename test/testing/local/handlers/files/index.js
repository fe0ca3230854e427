'use strict';
const fs = require('node:fs');
const { tmpdir } = require('node:os');
const { finished } = require('node:stream/promises');

/** Calls a function of `fs` in each of its forms, and says how each ended. */
exports.call = async ({ name, args }) => ({
  sync: await ending(() => fs[`${name}Sync`](...args)),
  promise: await ending(() => fs.promises[name](...args)),
  callback: await ending(
    () =>
      new Promise((resolve, reject) => fs[name](...args, (error, value) => (error ? reject(error) : resolve(value)))),
  ),
});

exports.stream = ({ file }) => ending(() => finished(fs.createWriteStream(file).end('x')));

/** What is written under the name that Lambda documents is found under the one that Node.js gives, and the reverse. */
exports.share = async () => {
  fs.writeFileSync('/tmp/by-name', 'one');
  fs.writeFileSync(`${tmpdir()}/by-tmpdir`, 'two');
  return {
    files: fs.readdirSync('/tmp').sort(),
    there: fs.existsSync(`${tmpdir()}/by-name`),
    layer: fs.readFileSync('/opt/data.txt', 'utf8'),
    task: fs.existsSync('/var/task/index.js'),
  };
};

async function ending(action) {
  try {
    await action();
    return 'done';
  } catch (error) {
    return error.code ?? String(error);
  }
}
