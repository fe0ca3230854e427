import type { LocalRunReport } from '../testing/local/report';

/** The use of each permission during a local run, as text. */
export function runReport({ functions, roles, unsupportedCalls }: LocalRunReport): string {
  const owners = [
    ...functions.map((one) => ({ ...one, name: one.function })),
    ...roles.map((one) => ({ ...one, name: `${one.name}, for ${one.assumedBy.join(', ')}` })),
  ];
  const lines = owners.flatMap(({ name, used, unused, denied }) => {
    const shown = [
      ...used.map(({ action, resource, count }) => `  used    ${action} ${resource} (${count})`),
      ...unused.map(({ action, resource }) => `  unused  ${action} ${resource}`),
      ...denied.map(({ action, resource, count }) => `  denied  ${action} ${resource} (${count})`),
    ];
    return shown.length === 0 ? [] : [name, ...shown];
  });
  const calls = unsupportedCalls.map(
    ({ caller, service, operation, count }) => `  ${caller} called ${service}:${operation} (${count})`,
  );
  return [
    'Permissions',
    ...(lines.length === 0 ? ['  none was used or granted'] : lines),
    ...(calls.length === 0 ? [] : ['Calls that are not supported', ...calls]),
    '',
  ].join('\n');
}
