import { LANGUAGE_FIELDS } from '../../../core/asl/field-faults';
import { at } from '../../../core/model/select';
import { machines } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

export const queryLanguageFields: Rule = {
  id: 'QueryLanguageFields',
  severity: 'error',
  title: 'A state uses the fields of its query language',
  why: 'Step Functions rejects the deployment otherwise.',
  fix: 'use Arguments and Output with JSONata, Parameters and ResultPath with JSONPath, or set QueryLanguage on the state',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html',
  *check({ model }) {
    for (const { machine, states } of machines(model)) {
      for (const { name, property, body, language } of states) {
        const other = language === 'JSONata' ? 'JSONPath' : 'JSONata';
        const wrong = LANGUAGE_FIELDS[other].filter((field) => at(body, field) !== undefined);
        if (wrong.length === 0) continue;
        yield {
          resource: machine,
          property,
          message: `uses ${wrong.join(', ')} of ${other} in ${name}, whose query language is ${language}`,
          detail: name,
        };
      }
    }
  },
};
