import type { Alias } from '@pulumi/pulumi/proto/alias_pb';
import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';
import { isRecord } from '../core/record';

/**
 * A resource's options that differ from the defaults; plugin versions and download URLs are left out.
 * @param nameOf the graph's name of a resource, from its URN
 */
export function resourceOptions(
  request: RegisterResourceRequest,
  nameOf: (urn: string) => string,
): Record<string, unknown> {
  const timeouts = request.getCustomtimeouts()?.toObject() ?? {};
  return without(isUnset, {
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map((alias) => aliasOf(alias, request.getParent(), nameOf)),
    customTimeouts: without(isUnset, timeouts),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    deletedWith: request.getDeletedwith() && nameOf(request.getDeletedwith()),
    ignoreChanges: request.getIgnorechangesList(),
    import: request.getImportid(),
    protect: request.getProtect(),
    provider: request.getProvider() && nameOf(request.getProvider()),
    remote: request.getRemote(),
    replaceOnChanges: request.getReplaceonchangesList(),
    replaceWith: request.getReplaceWithList().map(nameOf),
    retainOnDelete: request.getRetainondelete(),
  });
}

function aliasOf(alias: Alias, parent: string, nameOf: (urn: string) => string): unknown {
  if (alias.hasUrn()) return alias.getUrn();
  const { parenturn, noparent, ...spec } = alias.getSpec()?.toObject() ?? {};
  return without(isUnset, {
    ...spec,
    parent: parenturn && parenturn !== parent ? nameOf(parenturn) : undefined,
    noParent: noparent,
  });
}

function without(drop: (value: unknown) => boolean, from: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => !drop(value)));
}

function isUnset(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) ? Object.keys(value).length === 0 : !value;
}
