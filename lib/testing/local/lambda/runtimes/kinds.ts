import { provided } from './provided';
import { python } from './python';
import type { RuntimeKind } from './runtime-kind';

/** The runtimes that speak the Lambda Runtime API, a file for each language. Node.js is beside them, in node/. */
const KINDS: readonly RuntimeKind[] = [provided, python];

/** What runs functions with a runtime; undefined if nothing here does. */
export function kindOf(runtime: string): RuntimeKind | undefined {
  return KINDS.find((kind) => kind.runs(runtime));
}
