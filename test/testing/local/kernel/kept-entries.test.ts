import fs, { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KeptEntries } from '../../../../lib/testing/local/kernel/kept-entries';

const root = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').length - 1;
const contentOf = (file: string) => [...new KeptEntries(file).open()];

test('each change is in the file at once, and entries keep their places', () => {
  const file = path.join(root, 'changes');
  const entries = new KeptEntries<number>(file);
  entries.open();
  for (const [index, key] of ['a', 'b', 'c'].entries()) entries.set(key, index);
  entries.set('a', 7);
  entries.delete('b');
  entries.delete('never there');
  expect(contentOf(file)).toEqual([
    ['a', 7],
    ['c', 2],
  ]);
});

test('the part of a line that a killed process left is cut off', () => {
  const file = path.join(root, 'cut');
  writeFileSync(file, '["a","ü"]\n["b",{"whole":');
  const entries = new KeptEntries<unknown>(file);
  expect([...entries.open()]).toEqual([['a', 'ü']]);
  entries.set('c', 1);
  expect(contentOf(file)).toEqual([
    ['a', 'ü'],
    ['c', 1],
  ]);
});

test('a line that a full disk takes only part of is taken back', () => {
  const file = path.join(root, 'full');
  const entries = new KeptEntries<string>(file);
  entries.open();
  entries.set('a', 'there');
  const { writeSync } = fs;
  const full = jest.spyOn(fs, 'writeSync');
  full.mockImplementationOnce((to, line) => writeSync(to, Buffer.from(line).subarray(0, 5)));
  full.mockImplementationOnce(() => {
    throw new Error('ENOSPC');
  });
  expect(() => entries.set('b', 'lost')).toThrow('ENOSPC');
  full.mockRestore();
  entries.set('c', 'there');
  expect(contentOf(file)).toEqual([
    ['a', 'there'],
    ['c', 'there'],
  ]);
});

test('refuses a file that is damaged elsewhere, and leaves it', () => {
  const file = path.join(root, 'damaged');
  writeFileSync(file, '["a",1]\nnonsense\n["b",2]\n');
  expect(() => new KeptEntries(file).open()).toThrow(`'${file}' is damaged; delete it, or put back a copy`);
  expect(linesOf(file)).toBe(3);
});

test('what is obsolete does not pile up', () => {
  const file = path.join(root, 'many');
  const entries = new KeptEntries<number>(file);
  entries.open();
  for (let count = 0; count < 15_000; count++) entries.set('a', count);
  expect(linesOf(file)).toBeLessThan(10_000);
  expect(contentOf(file)).toEqual([['a', 14_999]]);
  entries.close();
  expect(linesOf(file)).toBe(1);
});

test('writes nothing before it has read, after it is closed, or without a file', () => {
  const file = path.join(root, 'unread');
  writeFileSync(file, '');
  appendFileSync(file, '["a",1]\n');
  const entries = new KeptEntries<number>(file);
  entries.set('b', 2);
  entries.close();
  entries.open();
  entries.close();
  entries.set('c', 3);
  expect(contentOf(file)).toEqual([['a', 1]]);
  const nowhere = new KeptEntries<number>(undefined);
  nowhere.open();
  nowhere.set('a', 1);
  nowhere.close();
});
