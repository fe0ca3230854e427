import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { unzip } from '../../../../lib/testing/local/kernel/unzip';

const directory = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** A zip archive, made by hand from the format's description. */
function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const stored = text.length < 10;
    const body = stored ? Buffer.from(text) : deflateRawSync(text);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(stored ? 0 : 8, 10);
    entry.writeUInt32LE(body.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    bodies.push(local, Buffer.from(name), body);
    entries.push(entry, Buffer.from(name));
    offset += 30 + name.length + body.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...entries, end]);
}

test('writes files, stored and compressed, with their directories', () => {
  const long = 'exports.handler = async () => 1; '.repeat(50);
  unzip(zipOf({ 'src/': '', 'src/deep/index.js': long, 'a.txt': 'short' }), directory);
  expect(readFileSync(path.join(directory, 'src/deep/index.js'), 'utf8')).toBe(long);
  expect(readFileSync(path.join(directory, 'a.txt'), 'utf8')).toBe('short');
});

test('refuses what is no archive, and names that lead out of the directory', () => {
  expect(() => unzip(Buffer.from('not a zip'), directory)).toThrow('it has no central directory');
  expect(() => unzip(zipOf({ '../out.txt': 'x' }), directory)).toThrow("'../out.txt' leads out of it");
});
