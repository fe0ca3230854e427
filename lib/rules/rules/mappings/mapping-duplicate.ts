import { ModelAccess } from '../../../core/iam/model-access';
import { displayName } from '../../../core/model/display';
import type { Resource } from '../../../core/model/model';
import { at } from '../../../core/model/select';
import { sourceKind } from '../../lookups/mapping-source';
import type { Rule } from '../../rule';

export const mappingDuplicate: Rule = {
  id: 'MappingDuplicate',
  severity: 'error',
  title: 'A function has one mapping per source',
  why: 'Lambda rejects a second one of the same source and function, and with it the deployment.',
  fix: 'merge the mappings, their filters included; or call a second function',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html',
  *check({ model }) {
    const { names } = ModelAccess.of(model);
    const known = new Map<string, Resource>();
    for (const mapping of model.ofType('AWS::Lambda::EventSourceMapping')) {
      if (sourceKind(model, mapping) === undefined) continue;
      const [source, fn] = ['EventSourceArn', 'FunctionName'].map((name) =>
        names.arnOf(at(mapping, name), mapping.template),
      );
      if (source === undefined || fn === undefined) continue;
      const key = `${source} ${fn}`;
      const other = known.get(key);
      if (!other) known.set(key, mapping);
      else {
        const message = `has the source and the function of ${displayName(other)}`;
        yield { resource: mapping, property: 'EventSourceArn', message };
      }
    }
  },
};
