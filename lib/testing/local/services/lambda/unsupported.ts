import { at, isMap } from '../../../../core/model/select';
import type { Deployed } from '../../kernel/deployment';
import { recordOf, text } from '../../kernel/json';
import type { LocalContext } from '../../kernel/service';
import type { LambdaFunction } from '../../lambda/lambda-function';
import { overbooked } from '../../lambda/reservations';
import { isUnknownRuntime, notHonoured } from '../../lambda/settings';
import { BUCKET_DEPLOYMENT } from '../custom-resources/bucket-deployment';
import { helpersIn } from '../custom-resources/types';
import { isDurable, notRunOf } from './durable/executions';
import { invokeConfigFaults } from './invoke-config';

/** Reports what does not run of the functions, or not as it does on Lambda. */
export function reportUnsupported(context: LocalContext): void {
  const { functions } = context;
  for (const folder of functions.modulesAbove()) {
    const reason = `every function can resolve modules from '${folder}', unlike on Lambda; remove it, or set TMPDIR elsewhere`;
    context.unsupported({ resource: 'every function', type: 'AWS::Lambda::Function', reason });
  }
  for (const { fn, reason } of overbooked(functions.all.map(({ deployed }) => deployed))) {
    context.unsupported({ resource: fn.displayName, type: fn.type, reason });
  }
  for (const { displayName: resource, type, properties } of context.deployment.ofType('AWS::Lambda::EventInvokeConfig'))
    for (const fault of invokeConfigFaults(properties))
      context.unsupported({ resource, type, reason: `AWS refuses to create it: ${fault}` });
  const helpers = helpersIn(context.deployment, [BUCKET_DEPLOYMENT]);
  const own = functions.all.filter(({ deployed }) => !helpers.has(deployed.resource.id));
  for (const { layer, reason } of functions.layerGaps(own.filter((fn) => !functions.whyNotRunnable(fn)))) {
    context.unsupported({ resource: layer, type: 'AWS::Lambda::LayerVersion', reason });
  }
  for (const fn of own) reportFunction(context, fn);
}

function reportFunction(context: LocalContext, fn: LambdaFunction): void {
  const { functions } = context;
  const { deployed } = fn;
  const report = (reason: string) =>
    context.unsupported({ resource: deployed.displayName, type: deployed.type, reason });
  const reason = functions.whyNotRunnable(fn);
  if (reason) report(reason);
  else if (isUnknownRuntime(deployed))
    report(`whether Lambda has its runtime '${text(deployed.properties.Runtime)}' is not known here`);
  if (reason === undefined) [...functions.literalPaths(fn), ...notHonoured(deployed)].forEach(report);
  for (const variable of context.deployment.whyNotMade(deployed) ? [] : unresolvedVariables(deployed)) {
    report(`the variable '${variable}' is known only at deployment; set its parameter in 'templateParameters'`);
  }
  if (isDurable(fn)) for (const sentence of notRunOf(fn, context)) report(sentence);
  const arn = text(deployed.properties.Role) ?? '';
  const role = context.deployment.withArn(arn, 'AWS::IAM::Role');
  if (!role) report(`its role '${arn}' is in no template: nothing is known to be allowed`);
  const refused = role && context.assume(arn, { service: 'lambda.amazonaws.com', acting: deployed });
  if (typeof refused === 'string' && reason === undefined) report(refused);
  for (const problem of role ? context.policies.problemsOf(role.resource) : []) {
    report(`${problem}: what it allows is refused`);
  }
}

/** Variables whose value is not in the templates. */
function unresolvedVariables({ resource, properties }: Deployed): readonly string[] {
  const resolved = recordOf(recordOf(properties.Environment).Variables);
  const written = at(resource, 'Environment.Variables');
  const names = isMap(written) ? Object.keys(written) : [];
  return names.filter((name) => resolved[name] === undefined || text(resolved[name])?.includes('{{resolve:'));
}
