import type { Model, Resource } from '../../../core/model/model';
import { at, isUnknown, items, toText } from '../../../core/model/select';
import { EDGE } from '../../lookups/edge-types';
import { each, type Rule, undecided } from '../../rule';

const CLASSES = ['newSqliteClasses', 'newClasses'];

export const edgeDurableObjectMigration: Rule = {
  id: 'EdgeDurableObjectMigration',
  severity: 'error',
  title: 'A Durable Object class of a Worker is introduced by a migration',
  why: 'Cloudflare rejects a binding to a class that no migration has created.',
  fix: 'add the class to newSqliteClasses of a migration step',
  source: 'https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/',
  check: each(EDGE.worker, function* (worker, { model }) {
    if (at(worker, 'exports') !== undefined) return;
    for (const [index, binding] of items(at(worker, 'bindings')).entries()) {
      const value = at(binding, 'className');
      const name = toText(value);
      const type = at(binding, 'type');
      if (value === undefined || (toText(type) !== 'durable_object_namespace' && !isUnknown(type))) continue;
      if (isOfAnother(model, worker, at(binding, 'scriptName'))) continue;
      const property = `bindings.${index}.className`;
      if (name === undefined || isUnknown(type)) {
        yield undecided(worker, property, isUnknown(type) ? type : value);
        continue;
      }
      const made = madeClasses(worker);
      if (made === 'unknown')
        yield { resource: worker, property, reason: 'its migrations are known only at deployment' };
      else if (!made.includes(name))
        yield {
          resource: worker,
          property,
          message: `binds the class ${name}, which no migration creates`,
          detail: name,
        };
    }
  }),
};

function isOfAnother(model: Model, worker: Resource, script: ReturnType<typeof at>): boolean {
  return script !== undefined && model.target(script) !== worker && toText(script) !== toText(at(worker, 'scriptName'));
}

/** The classes that migrations create or rename. */
function madeClasses(worker: Resource): string[] | 'unknown' {
  const migrations = at(worker, 'migrations');
  if (isUnknown(migrations) || isUnknown(at(migrations, 'steps'))) return 'unknown';
  const steps = [migrations, ...items(at(migrations, 'steps'))];
  const made = steps.flatMap((step) => CLASSES.flatMap((property) => items(at(step, property))));
  const renamed = steps.flatMap((step) =>
    ['renamedClasses', 'transferredClasses'].flatMap((property) =>
      items(at(step, property)).map((item) => at(item, 'to')),
    ),
  );
  const names = [...made, ...renamed].map(toText);
  return names.every((name) => name !== undefined) ? names : 'unknown';
}
