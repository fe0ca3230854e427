import { cloudflare, within } from '../../../core/facts';
import { at, isUnknown, items, toText } from '../../../core/model/select';
import { EDGE } from '../../lookups/edge-types';
import { each, numbers, type Rule, undecided } from '../../rule';

const CPU = cloudflare.cpuTime.value;
const [COUNT, SIZE] = [cloudflare.variables.value, cloudflare.variableSize.value];
const VARIABLES = ['plain_text', 'json', 'secret_text'];

export const edgeWorkerLimits: Rule = {
  id: 'EdgeWorkerLimits',
  severity: 'error',
  title: `A Worker has at most ${CPU.max} ms of CPU time and ${COUNT} variables of at most ${SIZE} bytes`,
  why: 'Cloudflare rejects the deployment otherwise.',
  fix: 'split the work over a queue or workflow; keep larger settings in KV or in the code',
  source: cloudflare.variables.source,
  check: each(EDGE.worker, function* (worker) {
    const cpu = numbers(worker, 'limits.cpuMs');
    yield* cpu.unknown;
    for (const { value } of cpu.values) {
      if (within(CPU, value)) continue;
      yield {
        resource: worker,
        property: 'limits.cpuMs',
        message: `asks for ${value} ms of CPU time`,
        detail: 'cpuMs',
      };
    }
    const bindings = items(at(worker, 'bindings'));
    const variables = bindings.filter((binding) => VARIABLES.includes(toText(at(binding, 'type')) ?? ''));
    if (variables.length > COUNT) {
      yield { resource: worker, property: 'bindings', message: `has ${variables.length} variables`, detail: 'count' };
    }
    for (const [index, binding] of bindings.entries()) {
      const type = at(binding, 'type');
      const open = isUnknown(binding)
        ? binding
        : isUnknown(type) && at(binding, 'text') !== undefined
          ? type
          : undefined;
      if (open !== undefined) yield undecided(worker, `bindings.${index}`, open);
    }
    for (const binding of variables) {
      const bytes = Buffer.byteLength(toText(at(binding, 'text')) ?? toText(at(binding, 'json')) ?? '');
      const name = toText(at(binding, 'name')) ?? 'a variable';
      if (bytes <= SIZE) continue;
      yield { resource: worker, property: 'bindings', message: `has ${bytes} bytes in ${name}`, detail: name };
    }
  }),
};
