import { EdgeApi, EdgeCron, type EdgeCronArgs, EdgeWorkflow } from 'lintel/edge';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const classes = 'test/patterns/edge/workers/classes.ts';

describe('EdgeCron', () => {
  test('creates a Worker and its schedule', async () => {
    const graph = await graphOf(() => void new EdgeCron('nightly', { handler, schedule: '0 3 * * *' }));
    expect(created(graph)).toEqual([
      'WorkersCronTrigger nightly-trigger',
      'WorkersScript nightly-worker',
      'WorkersScriptSubdomain nightly-workers-dev',
    ]);
    expect(resource(graph, 'nightly-workers-dev').inputs.enabled).toBe(false);
    expect(alarm(graph)).toMatchSnapshot();
  });

  test('runs at several times', async () => {
    const schedule = ['0 3 * * *', '0 15 * * mon-fri'];
    const { inputs } = resource(
      await graphOf(() => void new EdgeCron('nightly', { handler, schedule })),
      'nightly-trigger',
    );
    expect(inputs.schedules).toEqual(schedule.map((cron) => ({ cron })));
  });

  test('refuses what is no schedule, and says how to write it', async () => {
    const attempt = () => new EdgeCron('nightly', { handler, schedule: ['rate(1 day)', '0 3 * * 0'] });
    expect(await refusal(attempt)).toEqual([
      "'schedule' has 2 fields instead of 5: minute, hour, day of month, month, day of week, got 'rate(1 day)'; write '0 3 * * *', for instance, daily at 03:00 UTC; Sunday is 1 (nightly)",
      "'schedule' has '0' for its day of week, which takes 1 to 7, got '0 3 * * 0'; write '0 3 * * *', for instance, daily at 03:00 UTC; Sunday is 1 (nightly)",
    ]);
  });

  test('refuses one time that is written in two ways', async () => {
    expect(await refusal(() => new EdgeCron('nightly', { handler, schedule: ['0 3 * * *', '0  3 * * *'] }))).toEqual([
      expect.stringContaining("'schedule' must name at least one time, each only once"),
    ]);
  });

  test('refuses a handler that no schedule runs', async () => {
    const attempt = () =>
      new EdgeCron('nightly', { handler: 'test/patterns/edge/workers/site.ts', schedule: '0 3 * * *' });
    expect(await refusal(attempt)).toEqual([
      "'handler' must have 'scheduled' in its default export: nothing else is called, got 'test/patterns/edge/workers/site.ts'; write 'export default { scheduled(...) { ... } }'; there is 'fetch' (nightly)",
    ]);
  });

  test('refuses no schedule', async () => {
    expect(await refusal(() => new EdgeCron('nightly', { handler, schedule: [] }))).toEqual([
      expect.stringContaining("'schedule' must name at least one time, each only once, got []"),
    ]);
    expect(await refusal(() => new EdgeCron('nightly', { handler } as EdgeCronArgs))).toEqual([
      expect.stringContaining("'schedule' must name at least one time, each only once, got nothing"),
    ]);
  });
});

describe('EdgeWorkflow', () => {
  test('creates a workflow and the Worker that holds its class', async () => {
    const graph = await graphOf(() => void new EdgeWorkflow('order', { handler: classes, className: 'OrderFlow' }));
    expect(created(graph)).toEqual([
      'WorkersScript order-worker',
      'WorkersScriptSubdomain order-workers-dev',
      'Workflow order-workflow',
    ]);
    expect(alarm(graph)).toMatchSnapshot();
  });

  test('gives another Worker the workflow', async () => {
    const graph = await graphOf(() => {
      const order = new EdgeWorkflow('order', { handler: classes, className: 'OrderFlow', maxSteps: 50 });
      new EdgeApi('api', { handler, access: { ORDER: order.start() } });
    });
    expect(resource(graph, 'order-workflow').inputs.limits).toEqual({ steps: 50 });
    expect(resource(graph, 'api-worker').inputs.bindings).toEqual([
      {
        name: 'ORDER',
        type: 'workflow',
        workflowName: 'shop-test-order',
        className: 'OrderFlow',
        scriptName: 'shop-test-order',
      },
    ]);
  });

  test('refuses a class that the handler does not export', async () => {
    const attempt = () =>
      new EdgeWorkflow('order', { handler: classes, className: 'Order', maxSteps: 0, maxConcurrency: 0.5 });
    expect(await refusal(attempt)).toEqual([
      `'className' must be exported by '${classes}', got 'Order'; export it there; the module exports 'ChatRoom', 'OrderFlow' (order)`,
      expect.stringContaining("'maxSteps' must be a whole number from 1 to 25000, got 0"),
      expect.stringContaining("'maxConcurrency' must be a whole number, at least 1, got 0.5"),
    ]);
  });
});
