'use strict';
const fs = require('node:fs');
const { tmpdir } = require('node:os');
const { finished } = require('node:stream/promises');
const { Worker } = require('node:worker_threads');

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

/** Writes by way of links in /tmp, which lead elsewhere. */
exports.links = async () => {
  fs.symlinkSync('/etc', '/tmp/etc');
  fs.symlinkSync('/etc/lintel-test', '/tmp/missing');
  fs.symlinkSync('/var/task/index.js', '/tmp/own.js');
  fs.symlinkSync('circle', '/tmp/circle');
  fs.writeFileSync('/tmp/file', '');
  fs.symlinkSync('file', '/tmp/inside');
  return {
    directory: await ending(() => fs.writeFileSync('/tmp/etc/lintel-test', 'x')),
    below: await ending(() => fs.mkdirSync('/tmp/etc/lintel-test/a', { recursive: true })),
    missing: await ending(() => fs.promises.writeFile('/tmp/missing', 'x')),
    own: await ending(() => fs.writeFileSync('/tmp/own.js', 'x')),
    read: fs.readFileSync('/tmp/own.js', 'utf8').includes('exports.links'),
    circle: await ending(() => fs.writeFileSync('/tmp/circle', 'x')),
    inside: await ending(() => fs.writeFileSync('/tmp/inside', 'x')),
    removed: await ending(() => fs.unlinkSync('/tmp/missing')),
  };
};

/** What a thread finds: the same limits, and in a thread of its own as well. */
exports.thread = async () => {
  fs.writeFileSync('/tmp/by-main', 'x');
  const work = (/** @type {string} */ below) => `
    const fs = require('node:fs');
    const { parentPort, Worker } = require('node:worker_threads');
    const ending = (action) => { try { return action() ?? 'done'; } catch (error) { return error.code; } };
    const found = {
      outside: ending(() => fs.writeFileSync('/etc/lintel-test', 'x')),
      task: ending(() => fs.writeFileSync('new.txt', 'x')),
      tmp: ending(() => fs.readFileSync('/tmp/by-main', 'utf8')),
      module: typeof require('/var/task/index.js').call,
      sdk: typeof require('@aws-sdk/client-s3').S3Client,
    };
    ${below}`;
  const inner = JSON.stringify(work('parentPort.postMessage(found);'));
  const outer = work(
    `new Worker(${inner}, { eval: true }).on('message', (inner) => parentPort.postMessage({ ...found, inner }));`,
  );
  return new Promise((resolve, reject) => {
    new Worker(outer, { eval: true }).on('message', resolve).on('error', reject);
  });
};

async function ending(action) {
  try {
    await action();
    return 'done';
  } catch (error) {
    return error.code ?? String(error);
  }
}

/** Programs find what the handler wrote to /tmp, and write there, however they are started. */
exports.programs = async () => {
  const { execFileSync, execSync, spawnSync, fork } = require('node:child_process');
  const exec = require('node:util').promisify(require('node:child_process').exec);
  fs.writeFileSync('/tmp/in.txt', 'written');
  fs.writeFileSync('/tmp/child.js', "process.send('forked')");
  const read = (/** @type {string} */ name) => fs.readFileSync(name, 'utf8').trim();
  execSync('cat /tmp/in.txt > "/tmp/shell.txt"');
  execFileSync('cp', ['/tmp/in.txt', '/tmp/file.txt']);
  execFileSync('cp', ['in.txt', `${tmpdir()}/own.txt`], { cwd: '/tmp' });
  return {
    shell: read('/tmp/shell.txt'),
    file: read('/tmp/file.txt'),
    own: read('/tmp/own.txt'),
    layer: spawnSync('cat', ['/opt/data.txt']).stdout.toString(),
    promised: (await exec('cat /var/task/index.js | head -1')).stdout.trim(),
    forked: await new Promise((resolve) => fork('/tmp/child.js').on('message', resolve)),
    other: execSync('echo /tmp-other ./tmp/x').toString().trim(),
  };
};
