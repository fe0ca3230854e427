import { findEntry } from '../core/bundle/entry';
import { isFunction, settingsOf } from './service-function';
import type { HandlerSource, ServiceFunctionProps } from './service-function-props';
import { shippedModule } from './shipped-module';

/** Whether a handler is the path of a module that exports `handler`, which we can wrap. */
export function canBeWrapped(handler: HandlerSource): boolean {
  if (isFunction(handler)) return false;
  const { entry, handler: named } = settingsOf(handler);
  return entry !== undefined && named === undefined;
}

/**
 * The team's handler wrapped in a module of ours, which imports it as `lintel:handler`.
 * @param handler one that can be wrapped
 * @param module ours, below lib/aws: `webhook/verified-worker`
 */
export function wrappedHandler(handler: HandlerSource, module: string): ServiceFunctionProps {
  const settings = settingsOf(handler as Exclude<HandlerSource, { functionArn: string }>);
  return {
    ...settings,
    entry: shippedModule(module),
    bundling: {
      ...settings.bundling,
      alias: { ...settings.bundling?.alias, 'lintel:handler': findEntry(settings.entry!).file! },
    },
  };
}
