import type { TemplateStatement } from '../../../core/iam/documents';
import { ModelAccess } from '../../../core/iam/model-access';
import type { Resource } from '../../../core/model/model';
import type { Assumptions } from '../../../core/model/select';
import { grouped } from '../../../core/model/indexed';
import { once } from '../../lookups/statements';
import type { Rule, RuleContext } from '../../rule';

export const policySid: Rule = {
  id: 'PolicySid',
  severity: 'error',
  title: 'The statements of an IAM policy have different Sids, of letters and digits',
  why: 'IAM refuses the policy as malformed, and no schema check catches it first.',
  fix: 'give each statement a Sid of its own out of A-Z, a-z and 0-9, or none',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html',
  check: (context) => once(judge(context)),
};

function* judge({ model }: RuleContext): ReturnType<typeof once> {
  const access = ModelAccess.of(model);
  const trust = access.resourcePolicies.filter(({ role }) => role === 'trust');
  for (const { statements } of [...access.identityPolicies, ...trust]) {
    for (const placed of statements) {
      const { statement, holder: resource, property } = placed;
      const sid = statement?.Sid;
      if (typeof sid !== 'string' || permitted(resource).test(withoutOpen(sid))) continue;
      yield { resource, property: `${property}.Sid`, message: `has the Sid '${sid}'`, detail: sid };
    }
    const bySid = grouped(statements, ({ statement }) => (statement?.Sid ? [statement.Sid] : []));
    for (const [sid, same] of bySid) {
      const pair = same.flatMap((one, index) => same.slice(index + 1).filter((other) => mayMeet(one, other)));
      const [second] = pair;
      if (second) {
        const { holder: resource, property } = second;
        yield {
          resource,
          property: `${property}.Sid`,
          message: `has a second statement with the Sid '${sid}'`,
          detail: sid,
        };
      }
    }
  }
}

/** Inline policies and trust policies are known to take spaces. */
function permitted({ type }: Resource): RegExp {
  return type === 'AWS::IAM::ManagedPolicy' ? /^[0-9A-Za-z]*$/ : /^[0-9A-Za-z ]*$/;
}

/** The part of a Sid that is known before the deployment. */
function withoutOpen(sid: string): string {
  return sid.replace(/<[^<>]*>/g, '');
}

/** Whether two statements may stand in the policy together. */
function mayMeet(one: TemplateStatement, other: TemplateStatement): boolean {
  return one.property !== other.property && agree(one.when, other.when);
}

function agree(one: Assumptions, other: Assumptions): boolean {
  return Object.entries(one).every(([name, outcome]) => (other[name] ?? outcome) === outcome);
}
