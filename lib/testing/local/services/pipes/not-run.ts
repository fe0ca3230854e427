import type { LocalContext } from '../../kernel/service';
import { parameterFaults } from './parameters';
import { parseArn } from '../../../../core/arn';
import type { ApiDestinations } from '../event-bridge/api-destinations';
import { ENRICHING } from './enrichment';
import type { PipeSettings } from './settings';
import { batchLimit, isDestination, targetOf, waits } from './targets';

/** The services supported as sources. */
const SOURCES = ['sqs', 'kinesis', 'dynamodb'];

/**
 * Why a pipe does not run: what AWS rejects on creation, and what the local run does not support. Empty if it runs.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html
 */
export function whyNotRun(
  context: LocalContext,
  destinations: ApiDestinations,
  settings: PipeSettings,
): readonly string[] {
  const { source, enrichment, target, reading } = settings;
  const service = parseArn(source)?.service ?? '';
  if (!SOURCES.includes(service)) return [`its source '${source}' is not run`];
  const most = enrichment !== undefined && isDestination(enrichment) ? 1 : batchLimit(target);
  const reasons = [
    ...(reading.filterFault === undefined ? [] : [`Pipes refuses its filter: ${reading.filterFault}`]),
    ...(most !== undefined && (reading.batchSize ?? 1) > most
      ? [
          `AWS refuses it: its ${most === 1 && enrichment !== undefined ? 'enrichment' : 'target'} takes ${most} record${most === 1 ? '' : 's'} at a time, but its source delivers ${reading.batchSize}`,
        ]
      : []),
    ...parameterFaults(settings),
    ...targetFaults(context, settings),
    ...(isDestination(target) ? [destinations.whyNotRun(target)] : []),
    ...(enrichment === undefined ? [] : [enrichmentFault(context, destinations, enrichment)]),
  ];
  return reasons.filter((reason) => reason !== undefined);
}

function enrichmentFault(context: LocalContext, destinations: ApiDestinations, arn: string): string | undefined {
  if (isDestination(arn)) return destinations.whyNotRun(arn);
  return isRun(context, arn, ENRICHING) ? undefined : `its enrichment '${arn}' is not run`;
}

function targetFaults(context: LocalContext, { target, enrichment, targetParameters }: PipeSettings): string[] {
  const kind = targetOf(target);
  if (!isDestination(target) && (!kind || !isRun(context, target, [kind.service])))
    return [`its target '${target}' is not run`];
  const machines = [
    ...(kind?.service === 'states' && waits(targetParameters) ? [target] : []),
    ...(enrichment === undefined ? [] : [enrichment]),
  ].map((arn) => context.deployment.withArn(arn, 'AWS::StepFunctions::StateMachine'));
  return machines
    .filter((machine) => machine && machine.properties.StateMachineType !== 'EXPRESS')
    .map((machine) => `AWS stops it: '${machine!.displayName}' is a Standard workflow, which is not waited for`);
}

/** Whether the local run has the resource of an ARN. */
function isRun(context: LocalContext, arn: string, services: readonly string[]): boolean {
  const service = parseArn(arn)?.service ?? '';
  if (!services.includes(service) || !context.serves(service)) return false;
  return service === 'kinesis' ? context.eventSource(arn) !== undefined : context.reaches(arn);
}
