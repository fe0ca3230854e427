import { at, items, toBoolean } from '../../../core/model/select';
import type { Value } from '../../../core/model/values';
import { each, type Judgement, type Rule, undecided } from '../../rule';
import type { Resource } from '../../../core/model/model';

export const apiDataTrace: Rule = {
  id: 'ApiDataTrace',
  severity: 'warning',
  title: 'An API does not log whole requests and responses',
  why: 'With data trace on, everything callers send and receive is in the log: tokens, passwords, personal data.',
  fix: 'set DataTraceEnabled to false; access logs show who called what',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html',
  check: each(['AWS::ApiGateway::Stage', 'AWS::ApiGatewayV2::Stage'], function* (stage) {
    for (const index of items(at(stage, 'MethodSettings')).keys()) {
      yield* judge(stage, `MethodSettings.${index}.DataTraceEnabled`);
    }
    yield* judge(stage, 'DefaultRouteSettings.DataTraceEnabled');
  }),
};

function* judge(stage: Resource, property: string): Iterable<Judgement> {
  const value: Value = at(stage, property) ?? false;
  if (toBoolean(value) === undefined) yield undecided(stage, property, value);
  else if (toBoolean(value))
    yield { resource: stage, property, message: 'logs whole requests and responses', detail: property };
}
