import { type JsonObject, recordOf, text } from '../../kernel/json';
import { parseArn } from '../../../../core/arn';
import { type PipeCalls, PipeCallError } from './calls';
import type { PipeSettings } from './settings';
import { isDestination, itemsOf } from './targets';
import { filled } from './template';

/** Supported enrichments besides API destinations: functions and Express state machines. */
export const ENRICHING: readonly string[] = ['lambda', 'states'];

/**
 * Enriches a batch synchronously: the enrichment gets a list even for one record (an API destination, the record itself).
 * An empty response leaves nothing for the target.
 * @throws PipeCallError when it fails
 */
export async function enriched(
  calls: PipeCalls,
  { enrichment = '', enrichmentParameters }: PipeSettings,
  items: readonly JsonObject[],
  reserved: JsonObject,
): Promise<readonly unknown[]> {
  const template = text(enrichmentParameters.InputTemplate);
  const payloads = items.map((item) =>
    template === undefined ? JSON.stringify(item) : filled(template, item, reserved),
  );
  if (isDestination(enrichment)) {
    const parameters = recordOf(enrichmentParameters.HttpParameters);
    return itemsOf(await calls.invokeDestination(enrichment, payloads[0] ?? '', parameters, items[0]));
  }
  const payload = `[${payloads.join(',')}]`;
  switch (parseArn(enrichment)?.service) {
    case 'lambda':
      return itemsOf((await calls.invoke(enrichment, payload, true)) ?? '');
    case 'states':
      return itemsOf((await calls.start(enrichment, payload, true)) ?? '');
    default:
      throw new PipeCallError('LocalRunUnsupported', `the enrichment '${enrichment}' is not run`);
  }
}
