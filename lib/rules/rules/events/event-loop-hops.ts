import { displayName } from '../../../core/model/display';
import { at, items } from '../../../core/model/select';
import { type Loop, loopInWords, loops } from '../../../core/event-flow/loops';
import { mentioned } from '../../../core/model/references';
import type { Model } from '../../../core/model/model';
import type { Rule } from '../../rule';

export const eventLoopHops: Rule = {
  id: 'EventLoopHops',
  severity: 'warning',
  title: 'Events do not loop back to their publisher through others',
  why: 'One event can then loop forever, through any number of functions, queues and buses, and nothing in AWS stops it.',
  fix: 'narrow one of the rules to other events, or bound the hops: "detail": { "hops": [{ "exists": false }, { "numeric": ["<", 10] }] }',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html',
  *check({ model }) {
    for (const loop of loops(model)) {
      if (isDirect(model, loop)) continue;
      const [first] = loop;
      yield {
        resource: first!.from,
        message: `may publish events that come back: ${loopInWords(loop)}, by ${loop.map(({ rule }) => displayName(rule)).join(', ')}`,
        detail: loop.map(({ from }) => displayName(from)).join(),
      };
    }
  },
};

/** Whether a rule calls the publishing function directly, which EventLoop judges. */
function isDirect(model: Model, loop: Loop): boolean {
  const [step] = loop;
  if (loop.length > 1 || step === undefined) return false;
  const targets = items(at(step.rule, 'Targets')).flatMap((target) => mentioned(model, at(target, 'Arn')));
  return targets.includes(step.from);
}
