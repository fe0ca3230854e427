import { tmpdir } from 'node:os';
import { openTemporary } from './temporary';

/** Runs before the workers are started, which inherit it. */
export default function start(): void {
  process.env.TMPDIR = openTemporary(tmpdir());
}
