import { ModelAccess } from '../../../core/iam/model-access';
import { displayName } from '../../../core/model/display';
import { at, eachBranch, inWords, isUnknown } from '../../../core/model/select';
import { keyAllowance, keyNamedBy, namesKeyOfAws } from '../../lookups/encryption-keys';
import { each, type Rule } from '../../rule';

const KEY_AT = 'EncryptionConfiguration.KmsKeyId';
const CONTEXT = 'aws:states:stateMachineArn';
const ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

export const stateMachineKeyPermission: Rule = {
  id: 'StateMachineKeyPermission',
  severity: 'error',
  title: 'The role of an encrypted state machine may use its key',
  why: 'Step Functions encrypts executions in the name of the role: without permission for this machine, each of them fails.',
  fix: `allow the role both actions, for the machine’s ARN in the encryption context; with StateMachine in CDK set stateMachineName, since its grant is for an ARN with that name`,
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html',
  check: each(['AWS::StepFunctions::StateMachine'], function* (machine, { model }) {
    const access = ModelAccess.of(model);
    const role = model.target(at(machine, 'RoleArn'));
    const encryptionContext = { [CONTEXT]: access.names.names.arn(machine) ?? '' };
    const region = model.templates.get(machine.template)?.environment?.region;
    const through = { service: 'states', region };
    for (const { value, when } of eachBranch(at(machine, KEY_AT))) {
      if (value === undefined || namesKeyOfAws(model, machine, value)) continue;
      const key = keyNamedBy(model, value);
      const arn = key ? access.names.names.arn(key) : access.names.arnOf(value, machine.template);
      const unknown = (why: string) => ({
        resource: machine,
        property: KEY_AT,
        reason: `whether its role may use its key is unknown: ${why}`,
      });
      if (role?.type !== 'AWS::IAM::Role' || arn === undefined) {
        yield unknown(role && isUnknown(value) ? value.reason : 'one of them is not part of what was read');
        continue;
      }
      const answers = ACTIONS.map((action) => ({
        action,
        ...keyAllowance(access, role, action, arn, { ...through, encryptionContext }),
      }));
      const missing = answers.filter(({ verdict }) => verdict === 'denied').map(({ action }) => action);
      const open = answers.find(
        ({ verdict }) => verdict === 'unknown' || (verdict !== 'allowed' && !key && isUnknown(value)),
      );
      if (missing.length > 0 && key) {
        const others = missing.every((action) => keyAllowance(access, role, action, arn, through).verdict !== 'denied');
        const how = others ? `: 'kms:EncryptionContext:${CONTEXT}' asks for another machine` : '';
        const message = `has the key ${displayName(key)}, for which its role ${displayName(role)} may not use ${missing.join(' and ')}${how}${inWords(when)}`;
        yield { resource: machine, property: KEY_AT, message };
      } else if (missing.length > 0 || open) {
        yield unknown(
          open?.reasons.join('; ') || (isUnknown(value) ? value.reason : 'it is not part of what was read'),
        );
      }
    }
  }),
};
