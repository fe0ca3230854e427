import { randomUUID } from 'node:crypto';
import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { LocalRunError } from '../../kernel/errors';
import { ApiDestinations, DESTINATION } from './api-destinations';
import { ARCHIVE, Archives } from './archives';
import { checkEntries, failureOf } from './entries';
import { eventOf } from './event';
import { inputFault } from './input';
import { archiveAnswer, archiveNeeds } from './operations';
import { Patterns } from './patterns';
import { Replays } from './replays';
import { busName, isBusArn, type Published, RULE, Rules } from './rules';
import { malformed, scheduleOf } from '../schedules/schedule';
import { Senders } from './senders';
import { Targets } from './targets';
import { type JsonObject, number, parseJson, recordOf, records, text, texts } from '../../kernel/json';
import type { Need } from '../../kernel/judge';
import { knownLater } from '../../kernel/known-later';
import type { Delivery, LocalContext, LocalService } from '../../kernel/service';
import { CONSTRAINTS } from './constraints';

const BUS = 'AWS::Events::EventBus';

/** Amazon EventBridge: the default bus and those of the templates, with their rules, archives and API destinations. */
export function eventBridge(context: LocalContext): LocalService {
  const targets = new Targets(context);
  const patterns = new Patterns();
  const senders = new Senders(context, new ApiDestinations(context));
  const rules = new Rules({ context, targets, patterns, senders });
  const archives = new Archives(patterns, context.clock, (name) => context.arn('events', `archive/${name}`));
  const replays = new Replays(context, archives, rules);
  const busArn = (reference: unknown) => context.arn('events', `event-bus/${busName(text(reference))}`);

  async function start(): Promise<void> {
    for (const archive of context.deployment.ofType(ARCHIVE)) addArchive(archive);
  }

  /** An archive that AWS would refuse is listed. */
  function addArchive(archive: Deployed): void {
    try {
      archives.add(archive);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { displayName: resource, type } = archive;
      context.unsupported({ resource, type, reason: `AWS refuses to create it: ${error.message}` });
    }
  }

  async function begin(): Promise<void> {
    for (const rule of context.deployment.ofType(RULE)) {
      const { displayName: resource, type, properties, given } = rule;
      const report = (reason: string | undefined) => reason && context.unsupported({ resource, type, reason });
      report(malformed(rule, 'rule'));
      const fault = rules.fault(rule);
      report(
        fault && (rules.isOpen(rule) ? `nothing matches: ${fault}` : `AWS refuses it, and nothing matches: ${fault}`),
      );
      for (const target of records(given.Targets)) knownLater(target, ['RoleArn']).forEach(report);
      for (const target of records(properties.Targets)) {
        const refused = inputFault(target);
        report(refused && `AWS refuses it: ${refused}`);
        report(senders.whyNotRun(text(target.Arn) ?? ''));
      }
    }
  }

  /** Passes an event to the archives and rules of a bus. */
  function publish(bus: string, event: JsonObject, published: Published = {}): void {
    archives.keep(bus, event, published.detail);
    rules.publish(bus, event, published);
  }

  async function handle({ operation, input }: Call): Promise<HttpResponse> {
    if (operation === 'PutEvents') return putEvents(input);
    return jsonResponse(archiveAnswer(operation, input, { archives, replays, hasBus: (arn) => isBus(arn, context) }));
  }

  function putEvents(input: JsonObject): HttpResponse {
    checkEntries(records(input.Entries));
    const Entries = records(input.Entries).map((entry) => {
      const detail = parseJson(text(entry.Detail) ?? '');
      const failure = failureOf(entry, detail);
      if (failure) return failure;
      const event = eventFrom(entry, detail);
      publish(busName(text(entry.EventBusName)), event, { detail: text(entry.Detail) ?? '' });
      return { EventId: event.id };
    });
    return jsonResponse({ Entries, FailedEntryCount: Entries.filter((one) => 'ErrorCode' in one).length });
  }

  function eventFrom(entry: JsonObject, detail: unknown): JsonObject {
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
  async function receive({ target, payload, sender, disorder, fromBus }: Delivery): Promise<void> {
    const own = 'service' in sender && busName(target) === 'default';
    if (!own) context.judgeDelivery(sender, { action: 'events:PutEvents', resource: target });
    publish(
      busName(target),
      { id: randomUUID(), ...recordOf(payload) },
      { disorder, ...(fromBus === true && { fromBus }) },
    );
  }

  /** A rule with a schedule. */
  async function fire(rule: Deployed, at: Date): Promise<void> {
    const fault = malformed(rule, 'rule') ?? rules.fault(rule);
    if (fault) throw new LocalRunError(`'${rule.displayName}' ${fault}`);
    const refused = rules.refusals(rule);
    if (refused.length > 0) throw new LocalRunError(`'${rule.displayName}' cannot run: ${refused.join('; ')}`);
    const parts = { source: 'aws.events', detailType: 'Scheduled Event', detail: {}, resources: [rule.arn], time: at };
    rules.fire(rule, eventOf(parts, context));
  }

  function needs({ operation, input }: Call): readonly Need[] | undefined {
    if (operation !== 'PutEvents') {
      return archiveNeeds(operation, input, (resource) => context.arn('events', resource));
    }
    return records(input.Entries).map(({ EventBusName, Source, DetailType }) => ({
      action: 'events:PutEvents',
      resource: busArn(EventBusName),
      context: { 'events:source': [text(Source) ?? ''], 'events:detail-type': [text(DetailType) ?? ''] },
    }));
  }

  return {
    resourceTypes: [BUS, 'AWS::Events::EventBusPolicy', RULE, ARCHIVE, DESTINATION, 'AWS::Events::Connection'],
    api: {
      signingNames: ['events'],
      protocol: 'json',
      constraints: CONSTRAINTS,
      denial: { code: 'AccessDeniedException', status: 400 },
      needs,
      handle,
    },
    writers: [RULE, ARCHIVE],
    handles: { schedule: { types: [RULE], of: (rule) => scheduleOf(rule, (at) => fire(rule, at)) } },
    principals: () => rules.principals(),
    start,
    make: (one) => (one.type === ARCHIVE ? addArchive(one) : undefined),
    begin,
    receives: (arn) => isBus(arn, context),
    receive,
    pending: async () => [
      ...(replays.left > 0 ? [`${replays.left} replays of events`] : []),
      ...(targets.left > 0 ? [`${targets.left} deliveries of events`] : []),
    ],
    stop: async () => {
      replays.stop();
      await targets.stop();
    },
  };
}

/** The default bus is in no template. */
function isBus(arn: string, { deployment }: LocalContext): boolean {
  return isBusArn(arn) && (busName(arn) === 'default' || deployment.withArn(arn, BUS) !== undefined);
}
