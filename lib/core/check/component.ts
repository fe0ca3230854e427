import { nearest } from '../nearest';
import { isLiteral, isRecord } from '../record';
import type { Check } from './check';

/**
 * The rows for the name and options of a Pulumi component, which are judged before Pulumi reads them.
 * @param type the class of the component
 */
export function componentChecks(type: string, name: unknown, opts: unknown): Check[] {
  return [nameCheck('name', name, `new ${type}`), ...optionChecks(opts)];
}

/**
 * The row for the name of a component, or of a part of one.
 * @param call what makes it: `new EdgeApi`
 */
export function nameCheck(prop: string, name: unknown, call: string): Check {
  return {
    prop,
    value: name,
    ofType: true,
    valid: () => isName(name),
    rule: 'must be a string',
    remedy: `write it before the arguments: ${call}('billing', { ... })`,
  };
}

/** What ends the messages of a component: its name, or its class if it has none. */
export function nameOrClass(type: string, name: unknown): string {
  return isName(name) ? name : type;
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && name !== '';
}

function optionChecks(opts: unknown): Check[] {
  if (opts === undefined) return [];
  const { parent, ...others } = isRecord(opts) ? opts : {};
  return [
    {
      prop: 'opts',
      value: opts,
      ofType: true,
      valid: () => isLiteral(opts),
      rule: 'must be an object, the options of the resource',
      remedy: 'write it as { protect: true }',
    },
    {
      prop: 'opts.parent',
      value: parent,
      valid: () => parent === undefined || (isRecord(parent) && parent.__pulumiResource === true),
      rule: 'must be a resource',
      remedy: 'pass the component itself: { parent: this }',
    },
    ...Object.keys(others).map((name) => misspelt(name)),
  ];
}

/** An option that is not known may be one of a newer Pulumi, unless it looks like one that is. */
function misspelt(name: string): Check {
  const meant = OPTIONS.includes(name) ? undefined : nearest(name, OPTIONS);
  return {
    prop: `opts.${name}`,
    value: undefined,
    sensitive: true,
    valid: () => meant === undefined,
    rule: 'must not be given, since nothing reads it',
    remedy: `did you mean '${meant}'?`,
  };
}

const OPTIONS = [
  'additionalSecretOutputs',
  'aliases',
  'customTimeouts',
  'deleteBeforeReplace',
  'deletedWith',
  'dependsOn',
  'envVarMappings',
  'hideDiffs',
  'hooks',
  'id',
  'ignoreChanges',
  'import',
  'parent',
  'pluginDownloadURL',
  'protect',
  'provider',
  'providers',
  'replaceOnChanges',
  'replaceWith',
  'replacementTrigger',
  'retainOnDelete',
  'transformations',
  'transforms',
  'urn',
  'version',
];
