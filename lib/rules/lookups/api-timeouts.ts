import { lambda } from '../../core/facts';
import { displayName } from '../../core/model/display';
import type { Model } from '../../core/model/model';
import { at, inWords, isUnknown, toNumber, together } from '../../core/model/select';
import { whyOpen } from '../each-property';
import type { Value } from '../../core/model/values';
import { type Judgement, undecided } from '../rule';
import type { Integration, Route } from '../../core/model/api-route';
import { routes } from '../../core/model/api-routes';
import { functionsNamed } from './functions';

/**
 * Compares the timeout of each function with the time that an API waits for it.
 * @param limitOf how long the API of a route waits by default, in seconds; undefined for routes that are not judged
 */
export function* timeoutFaults(
  model: Model,
  limitOf: (route: Route, integration: Integration) => number | undefined,
): Iterable<Judgement> {
  const seen = new Set<string>();
  for (const route of routes(model)) {
    for (const integration of route.integrations) {
      const limit = limitOf(route, integration);
      if (limit === undefined || called(integration) === 'asynchronously') continue;
      for (const { function: fn } of functionsNamed(model, integration.uri)) {
        // Several routes may share one integration.
        const key = `${integration.holder.id} ${integration.property} ${fn.id}`;
        if (seen.has(key)) continue;
        seen.add(key);
        yield* compare(route, integration, fn, limit);
      }
    }
  }
}

/** The unresolved value that decides whether and how long the API waits for the response, if any. */
function open({ holder }: Integration): Value | undefined {
  return [
    at(holder, 'Integration.ResponseTransferMode'),
    at(holder, ['Integration', 'RequestParameters', INVOCATION_TYPE]),
  ].find(isUnknown);
}

const INVOCATION_TYPE = 'integration.request.header.X-Amz-Invocation-Type';

function* compare(route: Route, integration: Integration, fn: Route['holder'], limit: number): Iterable<Judgement> {
  const settings = together({ timeout: at(fn, 'Timeout'), waits: integration.timeout });
  for (const { values, when } of settings) {
    const timeout = values.timeout === undefined ? lambda.defaultTimeout.value : toNumber(values.timeout);
    const waits = values.waits === undefined ? limit : milliseconds(values.waits);
    const { holder, property } = integration;
    if (timeout === undefined || waits === undefined) {
      yield {
        resource: holder,
        property,
        reason: whyOpen(values.timeout, values.waits),
      };
    } else if (timeout > waits) {
      const unsure = open(integration);
      if (unsure !== undefined) yield undecided(holder, property, unsure);
      else
        yield {
          resource: holder,
          property,
          message: `waits ${waits} seconds at ${route.key}, but ${displayName(fn)} may take ${timeout}${inWords(when)}`,
          detail: route.key,
        };
    }
  }
}

function milliseconds(value: Parameters<typeof toNumber>[0]): number | undefined {
  const number = toNumber(value);
  return number === undefined ? undefined : number / 1000;
}

/** A REST method may hand its request to Lambda without waiting: `X-Amz-Invocation-Type: 'Event'`. */
function called({ holder }: Integration): 'asynchronously' | undefined {
  const header = at(holder, ['Integration', 'RequestParameters', INVOCATION_TYPE]);
  return header === "'Event'" ? 'asynchronously' : undefined;
}
