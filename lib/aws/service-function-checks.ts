import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import { type Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import type { Check } from '../core/check/check';
import { within } from '../core/facts/fact';
import { functionMemory, functionTimeout } from '../core/facts/lambda';
import type { ServiceFunctionProps } from './service-function-props';

/** Where the code comes from: one place, and one that exists. */
export function codeChecks({ entry, code, bundling, runtime }: ServiceFunctionProps): Check[] {
  const given = [entry === undefined ? '' : 'entry', code === undefined ? '' : 'code'].filter(Boolean);
  return [
    {
      prop: 'entry',
      value: given.length === 0 ? undefined : given,
      valid: () => given.length === 1,
      rule: "must be given, or 'code' in its place",
      remedy: given.length === 0 ? 'give the path of the handler' : 'remove one of them',
    },
    {
      prop: 'bundling',
      value: bundling,
      valid: () => bundling === undefined || entry !== undefined,
      rule: "must not be given with 'code', which is not bundled",
      remedy: "remove it, or give 'entry' in place of 'code'",
    },
    ...(entry === undefined ? [] : [fileCheck(entry), runtimeCheck(runtime)]),
  ];
}

function fileCheck(entry: string): Check {
  return {
    prop: 'entry',
    value: entry,
    valid: () => statSync(entry, { throwIfNoEntry: false })?.isFile() ?? false,
    rule: `must be the path of a file, relative to the working directory (there is none at '${shown(entry)}')`,
    remedy: `create it, or correct the path; the working directory is '${process.cwd()}'`,
  };
}

/** A runtime of the team's own may run JavaScript. */
function runtimeCheck(runtime: Runtime | undefined): Check {
  const { NODEJS, OTHER } = RuntimeFamily;
  return {
    prop: 'runtime',
    value: runtime?.name,
    valid: () => [NODEJS, OTHER].includes(runtime?.family ?? NODEJS),
    rule: "must be one of Node.js with 'entry', which is bundled to JavaScript",
    remedy: "remove it, or give the code as 'code' with its 'handler'",
  };
}

function shown(entry: string): string {
  return relative(process.cwd(), resolve(String(entry))) || '.';
}

/** The service's limits, and those that two settings set each other. */
export function limitChecks(
  props: ServiceFunctionProps & { readonly timeout: Duration; readonly memorySize: number },
): Check[] {
  const { timeout, memorySize, reservedConcurrency: reserved, warm, onFailure } = props;
  return [
    {
      prop: 'timeout',
      value: timeout,
      valid: () => wholeWithin(functionTimeout.value, timeout.toMilliseconds() / 1000),
      rule: `must be whole seconds from ${functionTimeout.value.min} to ${functionTimeout.value.max}`,
      remedy: 'shorten it, or give longer work to a state machine or a durable function',
    },
    {
      prop: 'memorySize',
      value: memorySize,
      valid: () => wholeWithin(functionMemory.value, memorySize),
      rule: `must be whole MB from ${functionMemory.value.min} to ${functionMemory.value.max}`,
      remedy: 'choose a size in that range',
    },
    {
      prop: 'reservedConcurrency',
      value: reserved,
      valid: () => reserved === undefined || (Number.isInteger(reserved) && reserved >= 0),
      rule: 'must be a whole number, at least 0',
      remedy: 'give the most execution environments that may run at once',
    },
    {
      prop: 'warm',
      value: warm,
      valid: () => warm === undefined || (Number.isInteger(warm) && warm >= 1),
      rule: 'must be a whole number, at least 1',
      remedy: 'remove it to keep nothing warm',
    },
    {
      prop: 'warm',
      value: warm,
      reads: [reserved],
      valid: () => warm === undefined || reserved === undefined || warm <= reserved,
      rule: `must be at most 'reservedConcurrency' (${reserved})`,
      remedy: `raise 'reservedConcurrency', or keep fewer warm`,
    },
    {
      prop: 'onFailure',
      value: onFailure,
      valid: () => onFailure === undefined || onFailure === 'none' || !onFailure.fifo,
      rule: 'must be a standard queue',
      remedy: 'give a queue without fifo',
    },
  ];
}

function wholeWithin(range: { readonly min: number; readonly max: number }, value: number): boolean {
  return Number.isInteger(value) && within(range, value);
}
