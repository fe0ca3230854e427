import { tmpdir } from 'node:os';
import { closeTemporary } from './temporary';

/** Runs after the last test. */
export default function end(): void {
  closeTemporary(tmpdir());
}
