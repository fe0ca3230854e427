import { readingRefusal } from '../../kernel/encryption-key';
import type { Deployed } from '../../kernel/deployment';
import type { Consumer, EventSource, Poller } from '../../kernel/event-source';
import type { LocalContext, LocalService } from '../../kernel/service';
import { knownLater } from '../../kernel/known-later';
import { functionConsumer } from './function-consumer';
import { sourceFault } from './refusals';
import { mappingSettings, type MappingSettings, rangeFault } from './settings';

interface Mapping {
  readonly deployed: Deployed;
  readonly poller: Poller;
}

/** Event source mappings of Lambda: queues and streams that call functions, with the function's role. */
export function eventSourceMappings(context: LocalContext): LocalService {
  const mappings: Mapping[] = [];

  const seen = new Set<string>();

  /** By now the sources exist, or it is known why not. */
  async function begin(): Promise<void> {
    const started = mappings.length;
    for (const deployed of context.deployment.ofType('AWS::Lambda::EventSourceMapping')) {
      if (seen.has(deployed.resource.id)) continue;
      seen.add(deployed.resource.id);
      const settings = mappingSettings(deployed);
      if (!settings.enabled) continue;
      const [later] = knownLater(deployed.given, ['StartingPosition']);
      const poller = sourceFault(deployed.given) ?? later ?? pollerOf(settings);
      if (typeof poller !== 'string') mappings.push({ deployed, poller });
      else {
        const { displayName: resource, type } = deployed;
        context.unsupported({ resource, type, reason: `it does not run: ${poller}` });
      }
    }
    await Promise.all(mappings.slice(started).map(({ poller }) => poller.start()));
  }

  function pollerOf(settings: MappingSettings): Poller | string {
    const { filterFault } = settings;
    if (filterFault !== undefined) return `Lambda refuses it: Invalid filter pattern definition. ${filterFault}`;
    const target = context.functions.target(settings.functionName);
    if (!target) return `its function '${settings.functionName}' is in no template`;
    const source = context.eventSource(settings.source);
    if (!source) return `the source '${settings.source}' is not run, or is in no template`;
    const consumer = functionConsumer(context.functions, target);
    const refused = rangeFault(settings) ?? source.refusal?.(consumer, settings) ?? denied(consumer, source);
    return refused ?? source.poller(consumer, settings);
  }

  /** As on AWS, a mapping reads nothing if the function's role may not read its source or use its key. */
  function denied({ caller }: Consumer, { needs }: EventSource): string | undefined {
    return readingRefusal(context, caller, needs);
  }

  async function pendingOf({ deployed, poller }: Mapping): Promise<string | undefined> {
    const left = await poller.pending();
    return left === undefined ? undefined : `${left} for ${deployed.displayName}`;
  }

  return {
    resourceTypes: ['AWS::Lambda::EventSourceMapping'],
    pending: async () => (await Promise.all(mappings.map(pendingOf))).filter((one) => one !== undefined),
    attend: begin,
    begin,
    stop: async () => void (await Promise.all(mappings.map(({ poller }) => poller.stop()))),
  };
}
