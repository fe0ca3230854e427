import { randomUUID } from 'node:crypto';
import { jsonResponse } from '../../kernel/aws-errors';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { LocalRunError } from '../../kernel/errors';
import { checkEntries, failureOf } from './entries';
import { eventOf } from './event';
import { busName, RULE, Rules } from './rules';
import { malformed, scheduleOf } from '../schedules/schedule';
import { Targets } from './targets';
import { type JsonRecord, number, parseJson, record, records, text, texts } from '../../kernel/json';
import type { Delivery, LocalContext, LocalService } from '../../kernel/service';
import { parseArn } from '../../../../core/arn';

const BUS = 'AWS::Events::EventBus';

/** Amazon EventBridge: the default bus and those of the templates, with their rules. */
export function eventBridge(context: LocalContext): LocalService {
  const targets = new Targets(context);
  const rules = new Rules(context, targets);
  const busArn = (reference: unknown) => context.arn('events', `event-bus/${busName(text(reference))}`);

  async function begin(): Promise<void> {
    for (const rule of context.deployment.ofType(RULE)) {
      const { displayName: resource, type, properties } = rule;
      const reason = malformed(rule, 'rule');
      if (reason) context.unsupported({ resource, type, reason });
      const fault = rules.patternFault(rule);
      if (fault) context.unsupported({ resource, type, reason: `AWS refuses it, and nothing matches: ${fault}` });
      for (const { Arn } of records(properties.Targets)) {
        if (context.reaches(text(Arn) ?? '')) continue;
        context.unsupported({ resource, type, reason: `its target '${text(Arn)}' is not run` });
      }
    }
  }

  async function handle({ input }: Call): Promise<HttpResponse> {
    checkEntries(records(input.Entries));
    const Entries = records(input.Entries).map((entry) => {
      const detail = parseJson(text(entry.Detail) ?? '');
      const failure = failureOf(entry, detail);
      if (failure) return failure;
      const event = eventFrom(entry, detail);
      rules.publish(busName(text(entry.EventBusName)), event, { detail: text(entry.Detail) ?? '' });
      return { EventId: event.id };
    });
    return jsonResponse({ Entries, FailedEntryCount: Entries.filter((one) => 'ErrorCode' in one).length });
  }

  function eventFrom(entry: JsonRecord, detail: unknown): JsonRecord {
    const seconds = number(entry.Time);
    const parts = {
      source: text(entry.Source) ?? '',
      detailType: text(entry.DetailType) ?? '',
      detail,
      resources: texts(entry.Resources),
      ...(seconds !== undefined && { time: new Date(seconds * 1000) }),
    };
    return eventOf(parts, context);
  }

  /** An event from a service (to the default bus), or from another bus. */
  async function receive({ target, payload, sender, disorder }: Delivery): Promise<void> {
    const own = 'service' in sender && busName(target) === 'default';
    if (!own) context.judgeDelivery(sender, { action: 'events:PutEvents', resource: target });
    rules.publish(
      busName(target),
      { id: randomUUID(), ...record(payload) },
      disorder === undefined ? {} : { disorder },
    );
  }

  /** A rule with a schedule. */
  async function fire(rule: Deployed, at: Date): Promise<void> {
    const fault = malformed(rule, 'rule');
    if (fault) throw new LocalRunError(`'${rule.displayName}' ${fault}`);
    const refused = rules.refusals(rule);
    if (refused.length > 0) throw new LocalRunError(`'${rule.displayName}' cannot run: ${refused.join('; ')}`);
    const parts = { source: 'aws.events', detailType: 'Scheduled Event', detail: {}, resources: [rule.arn], time: at };
    rules.fire(rule, eventOf(parts, context));
  }

  return {
    resourceTypes: [BUS, 'AWS::Events::EventBusPolicy', RULE],
    api: {
      signingNames: ['events'],
      protocol: 'json',
      denial: { code: 'AccessDeniedException', status: 400 },
      needs: ({ operation, input }) =>
        operation === 'PutEvents'
          ? records(input.Entries).map(({ EventBusName, Source, DetailType }) => ({
              action: 'events:PutEvents',
              resource: busArn(EventBusName),
              context: {
                'events:source': [text(Source) ?? ''],
                'events:detail-type': [text(DetailType) ?? ''],
              },
            }))
          : undefined,
      handle,
    },
    writers: [RULE],
    handles: { schedule: { types: [RULE], of: (rule) => scheduleOf(rule, (at) => fire(rule, at)) } },
    principals: () => rules.principals(),
    begin,
    receives: (arn) => isBus(arn, context),
    receive,
    pending: async () => (targets.left > 0 ? [`${targets.left} deliveries of events`] : []),
    stop: () => targets.stop(),
  };
}

/** The default bus is in no template. */
function isBus(arn: string, { deployment }: LocalContext): boolean {
  const { service, resource } = parseArn(arn) ?? {};
  return (service === 'events' && resource === 'event-bus/default') || deployment.withArn(arn, BUS) !== undefined;
}
