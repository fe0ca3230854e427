// Builds nearest.wasm from nearest.c, and writes into it what it was built from:
//
//     pip install ziglang==0.17.1 && node native/build.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const directory = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(directory, 'nearest.c');
const built = path.join(directory, 'nearest.wasm');
const options =
  '-target wasm32-freestanding -mcpu=generic+simd128 -O3 -nostdlib -Wl,--no-entry,--strip-all,-z,stack-size=16384';
execFileSync('python3', ['-m', 'ziglang', 'cc', ...options.split(' '), '-o', built, source], { stdio: 'inherit' });

// A section of its own: id 0, the size of the rest, the length of the name, the name, the content.
const name = Buffer.from('source');
const content = Buffer.from(createHash('sha256').update(readFileSync(source)).digest('hex'));
appendFileSync(built, Buffer.concat([Buffer.from([0, 1 + name.length + content.length, name.length]), name, content]));
