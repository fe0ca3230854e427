import type { Deployed } from '../../kernel/deployment';
import { isRecord, number, recordOf, text } from '../../kernel/json';
import { Throttle } from './throttle';

/**
 * The throttles of the stages of an HTTP or WebSocket API: the route's, else the stage's default per route.
 * @returns takes one request for a route; false when it is over the limit
 */
export function stageThrottles(stages: readonly Deployed[]): (stage: string, routeKey: string) => boolean {
  const throttles = new Map<string, Throttle | undefined>();
  const make = (stageName: string, routeKey: string): Throttle | undefined => {
    const properties = stages.find(({ name }) => name === stageName)?.properties ?? {};
    const own = recordOf(properties.RouteSettings)[routeKey];
    const settings = recordOf(isRecord(own) ? own : properties.DefaultRouteSettings);
    const rate = number(settings.ThrottlingRateLimit);
    const burst = number(settings.ThrottlingBurstLimit);
    return rate === undefined && burst === undefined ? undefined : new Throttle(rate ?? Infinity, burst ?? rate ?? 0);
  };
  return (stage, routeKey) => {
    const key = `${stage} ${text(routeKey)}`;
    if (!throttles.has(key)) throttles.set(key, make(stage, routeKey));
    return throttles.get(key)?.take() ?? true;
  };
}
