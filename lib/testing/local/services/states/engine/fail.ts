import { dataOf } from './data';
import { EvaluationFault, runtimeFault, StateFailure } from './failure';
import type { Visit } from './visit';

/** A Fail ends its flow with its error. */
export async function runFail(visit: Visit): Promise<never> {
  throw new StateFailure(await textField(visit, 'Error'), await textField(visit, 'Cause'));
}

async function textField(visit: Visit, name: string): Promise<string | undefined> {
  const { language } = visit.state;
  const value = await dataOf(language).field(visit, name);
  if (value === undefined || typeof value === 'string') return value;
  const said = `The ${language === 'JSONata' ? name : `${name}Path`} field must be a string, but was: ${JSON.stringify(value)}`;
  throw language === 'JSONata' ? new EvaluationFault(name, said, true) : runtimeFault(said);
}
