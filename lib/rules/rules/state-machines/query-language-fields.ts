import { at } from '../../../core/model/select';
import { machines, type State } from '../../lookups/state-machines';
import type { Rule } from '../../rule';

const FIELDS: Readonly<Record<State['language'], readonly string[]>> = {
  JSONata: [
    'InputPath',
    'OutputPath',
    'ResultPath',
    'ResultSelector',
    'Parameters',
    'ItemsPath',
    'TimeoutSecondsPath',
    'HeartbeatSecondsPath',
    'SecondsPath',
  ],
  JSONPath: ['Arguments', 'Output', 'Items'],
};

/** A state uses the fields of its query language. */
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
        const other: State['language'] = language === 'JSONata' ? 'JSONPath' : 'JSONata';
        const wrong = FIELDS[language].filter((field) => at(body, field) !== undefined);
        if (wrong.length === 0) continue;
        yield {
          resource: machine,
          property,
          message: `has ${wrong.join(', ')} of ${other} in ${name}, whose query language is ${language}`,
          detail: name,
        };
      }
    }
  },
};
