import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const LITERAL = /(?<![\w.$}/-])\/(tmp|opt|var\/task)(?![\w-])/g;
const REMEDIES: Readonly<Record<string, string>> = {
  '/tmp': 'use TMPDIR',
  '/opt': 'layers are found by PATH, PYTHONPATH and LD_LIBRARY_PATH',
  '/var/task': 'use LAMBDA_TASK_ROOT',
};
const LARGEST = 256 * 1024;
const PACKAGES = /(^|\/)(node_modules|site-packages|[^/]+\.dist-info)(\/|$)/;

/**
 * Files of a function that name /tmp, /opt or /var/task. Unlike Node's `fs`, a program is not redirected to the
 * environment's directories: it would see this machine's. Binaries and installed packages are not searched.
 * @returns a sentence for each
 */
export function literalPaths(code: string): readonly string[] {
  return readdirSync(code, { recursive: true, encoding: 'utf8' })
    .filter((name) => !PACKAGES.test(name))
    .flatMap((name) => {
      const file = path.join(code, name);
      const { size } = statSync(file);
      const content = statSync(file).isFile() && size <= LARGEST ? readFileSync(file, 'latin1') : '';
      if (content.includes('\0')) return [];
      return [...new Set(content.match(LITERAL))].map(
        (place) => `${name} names ${place}, which is this machine's; ${REMEDIES[place]}`,
      );
    });
}
