import type { Flow } from '../../../../../core/asl/definition';
import { stepFunctions } from '../../../../../core/facts';
import { isRecord } from '../../../kernel/json';
import { dataOf, type Result } from './data';
import { runDistributedMap } from './distributed-map';
import { runtimeFault, StateFailure } from './failure';
import { Group } from './group';
import { contextOfItem, inputOf, type Item } from './items';
import { itemsOf, numberOf } from './map-settings';
import type { Visit } from './visit';

/** Runs a map's processor for each item. */
export async function runMap(visit: Visit): Promise<Result> {
  const [flow] = visit.state.inner;
  if (!flow) throw new StateFailure('States.Runtime', `The map '${visit.state.name}' has no processor.`);
  return isDistributed(flow) ? runDistributedMap(visit, flow) : runInlineMap(visit, flow);
}

/** Whether a map runs in distributed mode. */
export function isDistributed({ body }: Flow): boolean {
  return isRecord(body.ProcessorConfig) && body.ProcessorConfig.Mode === 'DISTRIBUTED';
}

/** Records the final failure of a map. */
export function mapFailed({ run, flowing }: Visit): void {
  run.history.add(flowing, 'MapStateFailed');
}

async function runInlineMap(visit: Visit, flow: Flow): Promise<Result> {
  const { run, state, flowing } = visit;
  const { history } = run;
  const items = await itemsOf(visit);
  const most = await concurrencyOf(visit, stepFunctions.inlineMapConcurrency.value);
  const started = history.add(flowing, 'MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
  const group = new Group(visit);
  const values = new Array<unknown>(items.length);
  let next = 0;
  // Events of items in the same lane follow each other.
  const lanes = Array.from({ length: Math.min(most, items.length) }, async () => {
    let previous = started;
    while (next < items.length) {
      const index = next++;
      const item = group.flowing(index, previous, {
        ...flowing.context,
        Map: { Item: contextOfItem(items[index]!, index) },
      });
      const iteration = { name: state.name, index };
      history.add(item, 'MapIterationStarted', { mapIterationStartedEventDetails: iteration });
      const input = await itemInput(visit, items[index]!, index);
      values[index] = await group.run(flow, input, item, iteration);
      const details = { mapIterationSucceededEventDetails: iteration };
      flowing.previous = history.append('MapIterationSucceeded', item.previous, details);
      previous = item.previous;
    }
  });
  await group.all(lanes);
  history.append('MapStateSucceeded', flowing.previous);
  return { value: values };
}

/** The processor's input for an item: the item itself, or the selector's result. */
export async function itemInput(visit: Visit, item: Item, index: number): Promise<unknown> {
  const { state, flowing } = visit;
  const template = state.body.ItemSelector ?? state.body.Parameters;
  if (template === undefined) return inputOf(item);
  const context = { ...flowing.context, Map: { Item: contextOfItem(item, index) } };
  return dataOf(state.language).template({ ...visit, flowing: { ...flowing, context } }, template, 'ItemSelector');
}

/** The maximum concurrency; absent or 0 means unlimited. */
export async function concurrencyOf(visit: Visit, most: number): Promise<number> {
  const said = await numberOf(visit, 'MaxConcurrency', 0);
  if (said < 0) throw runtimeFault('MaxConcurrency cannot be negative.');
  return said === 0 ? most : Math.min(said, most);
}
