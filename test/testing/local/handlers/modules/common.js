'use strict';
// What a CommonJS handler may load, and how.
exports.requires = async ({ name }) => require(name);
exports.imports = async ({ name }) => ({ ...(await import(name)) });
exports.versionOf = async ({ name }) => require(`${name}/package.json`).version;
exports.path = async () => process.env.NODE_PATH.split(':');
exports.preloaded = async () => globalThis.preloaded;
