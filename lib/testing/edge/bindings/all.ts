import type { BindingOptions } from '../../engines/engine-worker';
import type { LocalGraph } from '../local-graph';
import { ai } from './ai';
import { assets } from './assets';
import type { BindingKind, BindingValues, GraphBinding, TextBinding } from './binding-kind';
import { d1 } from './d1';
import { durableObject } from './durable-object';
import { engineOwn } from './engine-own';
import { hyperdrive } from './hyperdrive';
import { kv } from './kv';
import { queue } from './queue';
import { r2 } from './r2';
import { rateLimit } from './rate-limit';
import { service } from './service';
import { texts } from './texts';
import { vectorize } from './vectorize';
import { version } from './version';
import { workflow } from './workflow';

/** Every kind of binding. */
const KINDS: readonly BindingKind[] = [
  texts,
  d1,
  kv,
  r2,
  queue,
  durableObject,
  workflow,
  hyperdrive,
  service,
  rateLimit,
  assets,
  engineOwn,
  version,
  ai,
  vectorize,
];

/** The kinds of resources that bindings stand in for. */
export const BOUND_RESOURCES: readonly string[] = KINDS.flatMap(({ resources = [] }) => resources);

/** Options for a binding; undefined if the engine has no equivalent. */
export function bindingOptions(binding: GraphBinding, values: BindingValues): BindingOptions | undefined {
  const made = KINDS.map(({ options }) => options[binding.type]).find((one) => one !== undefined);
  return made?.(binding as TextBinding, values);
}

/** The observer's bindings: every store and queue, under its path. */
export function observedOptions(graph: LocalGraph): BindingOptions {
  return merged(KINDS.map((kind) => kind.observed?.(graph) ?? {}));
}

/** Options of several bindings together. */
export function merged(options: readonly BindingOptions[]): BindingOptions {
  const all: Record<string, object> = {};
  for (const [kind, byName] of options.flatMap((each) => Object.entries(each))) {
    // Mail is a list in the engine's options.
    const mail = [all[kind], byName].flatMap(
      (each) => (each as { send_email?: object[] } | undefined)?.send_email ?? [],
    );
    all[kind] = { ...all[kind], ...byName, ...(kind === 'email' && { send_email: mail }) };
  }
  return all;
}
