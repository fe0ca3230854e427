import { lambda } from '../../../core/facts';
import type { Model, Resource } from '../../../core/model/model';
import { at, isUnknown, items, toNumber, toText } from '../../../core/model/select';
import { aliasesOf, versionsOf } from '../../lookups/functions';
import { each, openAmong, type Rule } from '../../rule';

export const snapStartSupported: Rule = {
  id: 'SnapStartSupported',
  severity: 'error',
  title: 'SnapStart is used only where it is supported',
  why: 'Lambda rejects the deployment otherwise.',
  fix: 'leave SnapStart out, or what it excludes: provisioned concurrency, EFS, a larger /tmp, container images',
  source: lambda.snapStartRuntimes.source,
  check: each(['AWS::Lambda::Function'], function* (fn, { model }) {
    const open = openAmong(fn, 'SnapStart.ApplyOn');
    if (open) {
      yield open;
      return;
    }
    if (toText(at(fn, 'SnapStart.ApplyOn')) !== 'PublishedVersions') return;
    const conflict = conflictOf(model, fn);
    const runtime = at(fn, 'Runtime');
    if (conflict) yield { resource: fn, property: 'SnapStart.ApplyOn', message: `asks for SnapStart ${conflict}` };
    else if (isUnknown(runtime)) yield { resource: fn, property: 'Runtime', reason: runtime.reason };
    else {
      const size = openAmong(fn, 'EphemeralStorage.Size', 'PackageType');
      if (size) yield size;
    }
  }),
};

function conflictOf(model: Model, fn: Resource): string | undefined {
  const runtime = toText(at(fn, 'Runtime'));
  if (toText(at(fn, 'PackageType')) === 'Image') return 'with a container image';
  if (runtime !== undefined && !supports(runtime)) return `on ${runtime}, which does not support it`;
  if (items(at(fn, 'FileSystemConfigs')).length > 0) return 'with an EFS file system';
  if ((toNumber(at(fn, 'EphemeralStorage.Size')) ?? 0) > lambda.ephemeralStorage.value.min) return 'with a larger /tmp';
  const provisioned = [...aliasesOf(model, fn), ...versionsOf(model, fn)].some(
    (qualifier) => at(qualifier, 'ProvisionedConcurrencyConfig') !== undefined,
  );
  return provisioned ? 'with provisioned concurrency' : undefined;
}

function supports(runtime: string): boolean {
  const [, family = '', version = ''] = /^([a-z]+)([\d.]*)/.exec(runtime) ?? [];
  const first = lambda.snapStartRuntimes.value[family];
  return first !== undefined && comparable(version) >= comparable(String(first));
}

/** `3.12` is later than `3.9`. */
function comparable(version: string): number {
  const [major = '0', minor = '0'] = version.split('.');
  return Number(major) * 1000 + Number(minor);
}
