import * as pulumi from '@pulumi/pulumi';
import { Answers } from '../../lib/pulumi/answers';
import { loadInternals, WIRE } from '../../lib/pulumi/internals';
import { OfflineMonitor } from '../../lib/pulumi/offline-monitor';
import { synthesize } from '../../lib/pulumi/synthesize';

/**
 * The fake of the engine against the SDK's own definition of what an engine is asked. A method that a release adds fails here,
 * not in somebody's program.
 */
describe("of all that Pulumi's SDK can ask an engine", () => {
  const internals = loadInternals();
  const methods = Object.keys(internals.monitorService);

  function monitor(): OfflineMonitor {
    return new OfflineMonitor({
      project: 'p',
      stack: 's',
      answers: new Answers(internals),
      calls: () => undefined,
      outputsOf: () => [],
      onSecret: () => undefined,
      onError: (error) => {
        throw error;
      },
      onActivity: () => undefined,
      transform: () => Promise.resolve(),
      transformInvoke: () => Promise.resolve(),
    });
  }

  /** Asks as the SDK does, with a question that has nothing in it. */
  function ask(method: string): Promise<{ error: unknown; answer: unknown }> {
    const asked: unknown = Reflect.get(monitor(), method);
    if (typeof asked !== 'function') throw new Error(`the fake of the engine has no '${method}'`);
    const question = Reflect.construct(internals.monitorService[method]!.requestType, []);
    return new Promise((resolve) => {
      const answered = (error: unknown, answer: unknown): void => resolve({ error, answer });
      Reflect.apply(asked, monitor(), [question, answered]);
    });
  }

  test.each(methods.filter((method) => method !== 'getDeploymentInfo'))(
    'answers %s with its message',
    async (method) => {
      const { error, answer } = await ask(method);
      expect(error).toBeNull();
      expect(answer).toBeInstanceOf(internals.monitorService[method]!.responseType);
    },
  );

  test('says of the one question it does not know what an engine from before it says', async () => {
    expect((await ask('getDeploymentInfo')).error).toMatchObject({ code: 12 });
  });

  test('is asked nothing of the service by which an engine shows messages: a program without one logs and goes on', async () => {
    const { EngineService }: { EngineService: object } = jest.requireActual('@pulumi/pulumi/proto/engine_grpc_pb');
    const known = ['log', 'getRootResource', 'setRootResource', 'startDebugging', 'requirePulumiVersion'];
    expect(Object.keys(EngineService).filter((method) => !known.includes(method))).toEqual([]);
    const info = jest.spyOn(console, 'log').mockImplementation();
    const program = async () => {
      await pulumi.log.info('hello');
      await pulumi.runtime.requirePulumiVersion('>=3');
      return { done: true };
    };
    expect((await synthesize(program)).outputs).toEqual({ done: true });
    info.mockRestore();
  });

  test('calls back by nothing but transforms and hooks', () => {
    const { CallbacksService }: { CallbacksService: object } = jest.requireActual(
      '@pulumi/pulumi/proto/callback_grpc_pb',
    );
    expect(Object.keys(CallbacksService)).toEqual(['invoke']);
  });

  test('knows every mark that a value can have on the wire', () => {
    const marks = Object.entries(pulumi.runtime).flatMap(([name, value]) =>
      /^special\w+Sig$/.test(name) ? [value] : [],
    );
    // An output with its dependencies is written for remote components by engines that take such values; ours takes none.
    const { specialOutputValueSig } = pulumi.runtime as unknown as { specialOutputValueSig: string };
    expect(new Set(marks.filter((mark) => mark !== specialOutputValueSig))).toEqual(
      new Set([WIRE.secret, WIRE.asset, WIRE.archive, WIRE.resource]),
    );
  });
});
