'use strict';
const { execSync } = require('node:child_process');
const { readFileSync } = require('node:fs');

/** Where and when a handler is, as itself and as a program that it starts see it. */
exports.handler = async () => ({
  cwd: process.cwd(),
  shell: execSync('pwd').toString().trim(),
  file: readFileSync('./data.txt', 'utf8').trim(),
  variables: Object.keys(process.env),
  inherited: execSync('env').toString(),
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  hour: new Date(0).getHours(),
});
