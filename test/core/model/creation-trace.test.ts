import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { originIn } from '../../../lib/core/model/creation-trace';

const folder = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
const file = path.join(folder, 'stack.ts');
beforeAll(() => {
  writeFileSync(
    file,
    "class Shop {\n  make() {\n    new Queue(this, 'Jobs');\n    more('Twice');\n    more('Twice');\n  }\n}\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (position: string, construct: string) =>
  originIn(['new Queue (/x/node_modules/q.js:1:1)', `new Shop (${file}:${position})`], construct);

test('the origin of a construct is the first line of its trace in the program', () => {
  expect(at('3:5', 'Shop/Jobs/Resource')).toEqual({ file, line: 3, column: 5 });
  expect(originIn(['main (/elsewhere/app.ts:7:3)'], 'Shop/Jobs')).toEqual({
    file: '/elsewhere/app.ts',
    line: 7,
    column: 3,
  });
});

test('a position that the file does not have is that of code made of it: the line that names the construct is told', () => {
  expect(at('2:1852', 'Shop/Jobs/Resource')).toEqual({ file, line: 3, column: 21 });
  expect(at('40:1', 'Shop/Jobs/Resource')).toEqual({ file, line: 3, column: 21 });
  expect([at('2:1852', 'Shop/Twice'), at('2:1852', 'Shop/Other')]).toEqual([undefined, undefined]);
});
