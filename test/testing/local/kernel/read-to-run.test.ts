import { App, CfnCondition, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../support';

afterAll(stopRuns);

/** A stack with a queue for production, one for everything else, and a function that tells what was decided. */
function staged(stack: Stack): void {
  const stage = new CfnParameter(stack, 'Stage', { default: 'dev', allowedValues: ['dev', 'prod'] });
  const zones = new CfnParameter(stack, 'Zones', { type: 'CommaDelimitedList', default: '' });
  const code = new CfnParameter(stack, 'Code', { noEcho: true, default: 'x' });
  const name = new CfnParameter(stack, 'Name');
  const when = (id: string, expression: ReturnType<typeof Fn.conditionNot>) =>
    new CfnCondition(stack, id, { expression });
  const conditions = {
    PROD: when('IsProd', Fn.conditionEquals(stage.valueAsString, 'prod')),
    DEV: when('IsDev', Fn.conditionEquals(stage.valueAsString, 'dev')),
    ZONES: when('HasZones', Fn.conditionNot(Fn.conditionEquals(Fn.join('', zones.valueAsList), ''))),
    CODE: when('HasCode', Fn.conditionEquals(code.valueAsString, 'x')),
    EUROPE: when('InEurope', Fn.conditionEquals(Fn.ref('AWS::Region'), 'eu-west-1')),
    ANN: when('IsAnn', Fn.conditionEquals(name.valueAsString, 'ann')),
    BOB: when('IsBob', Fn.conditionEquals(name.valueAsString, 'bob')),
  };
  const production = new CfnResource(stack, 'Production', { type: 'AWS::SQS::Queue' });
  production.cfnOptions.condition = conditions.PROD;
  const trial = new CfnResource(stack, 'Trial', { type: 'AWS::SQS::Queue' });
  trial.cfnOptions.condition = when('IsTrial', Fn.conditionNot(conditions.PROD));
  const chosen = Object.entries(conditions).map(([key, { logicalId }]) => [
    key,
    Fn.conditionIf(logicalId, 'yes', 'no').toString(),
  ]);
  const environment = { STAGE: stage.valueAsString, ...(Object.fromEntries(chosen) as Record<string, string>) };
  inline(
    stack,
    'Fn',
    "exports.handler = async () => ['STAGE', 'PROD', 'DEV', 'ZONES', 'CODE', 'EUROPE', 'ANN', 'BOB'].map((name) => process.env[name]).join(' ');",
    { environment },
  );
}

const queues = (run: LocalRun) =>
  ['Production', 'Trial'].filter((name) => {
    try {
      return run.queue(name).url !== '';
    } catch {
      return false;
    }
  });

test('conditions compare the defaults of parameters', async () => {
  const run = await running(shop(staged));
  expect(await run.invoke('Fn')).toMatch(/^dev no yes no yes no /);
  expect(queues(run)).toEqual(['Trial']);
});

test('a given value replaces the default, in conditions too', async () => {
  const run = await running(shop(staged), {
    templateParameters: { Stage: 'prod', Zones: 'a,b', Name: 'bob' },
    region: 'eu-west-1',
  });
  expect(await run.invoke('Fn')).toBe('prod yes no yes yes yes no yes');
  expect(queues(run)).toEqual(['Production']);
});

test('names that no template has, and values that are not allowed, are refused at once', async () => {
  const given = {
    templateParameters: { Satge: 'prod', Stage: 'test', Code: 'y' },
    conditions: { IsProd: true, Prod: true },
  };
  await expect(running(shop(staged), given)).rejects.toThrow(
    [
      "'templateParameters': no template has the parameter 'Satge'; did you mean 'Stage'?",
      "'templateParameters': 'Stage' must be one of 'dev', 'prod', got 'test'",
      "'conditions': no template has the condition 'Prod'; did you mean 'IsProd'?",
    ].join('\n'),
  );
});

test('a given outcome decides what depends on it', async () => {
  const run = await running(shop(staged), { conditions: { IsProd: true } });
  expect(await run.invoke('Fn')).toMatch(/^dev yes yes /);
  expect(queues(run)).toEqual(['Production']);
});

test('of conditions that nothing decides as many are true as can be together, and they are listed', async () => {
  const run = await running(shop(staged));
  expect(await run.invoke('Fn')).toMatch(/ yes no$/);
  const guessed = run.unsupported.filter(({ type }) => type === 'Condition');
  expect(guessed.map(({ resource }) => resource)).toEqual(['Shop/IsAnn', 'Shop/IsBob']);
  expect(guessed[0]?.reason).toBe(
    "it is taken as true: a parameter that it compares has no value; set it in 'templateParameters'",
  );
});

test('each stack decides its own conditions, whatever another has under the same name', async () => {
  const stack = (app: App, id: string, stage: string) => {
    const one = new Stack(app, id);
    const value = new CfnParameter(one, 'Stage', { default: stage }).valueAsString;
    const isProd = new CfnCondition(one, 'IsProd', { expression: Fn.conditionEquals(value, 'prod') });
    const name = new CfnParameter(one, 'Name').valueAsString;
    const isAnn = new CfnCondition(one, 'IsAnn', { expression: Fn.conditionEquals(name, 'ann') });
    for (const [type, condition] of Object.entries({ Prod: isProd, Ann: isAnn })) {
      const queue = new CfnResource(one, `${id}${type}`, { type: 'AWS::SQS::Queue' });
      queue.cfnOptions.condition = condition;
    }
  };
  const app = new App();
  stack(app, 'Live', 'prod');
  stack(app, 'Trial', 'dev');
  const run = await running(app);
  expect(() => run.queue('LiveProd')).not.toThrow();
  expect(() => run.queue('TrialProd')).toThrow('there is no queue');
});
