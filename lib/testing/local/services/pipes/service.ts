import { AwsError, jsonResponse } from '../../kernel/aws-errors';
import { readingRefusal } from '../../kernel/encryption-key';
import { roleKeyRefusal } from '../../kernel/role-keys';
import type { Call, HttpResponse } from '../../kernel/call';
import type { Deployed } from '../../kernel/deployment';
import { RestOperations } from '../../kernel/rest-operations';
import type { LocalContext, LocalService, ServicePrincipal } from '../../kernel/service';
import { ApiDestinations } from '../event-bridge/api-destinations';
import { PipeCalls } from './calls';
import { pipeConsumer } from './consumer';
import { described, summary } from './describe';
import { whyNotRun } from './not-run';
import { Pipe } from './pipe';
import { pipeSettings } from './settings';

const PIPE = 'AWS::Pipes::Pipe';
const PIPES = 'pipes.amazonaws.com';

const OPERATIONS = new RestOperations({
  DescribePipe: 'GET /v1/pipes/{Name}',
  ListPipes: 'GET /v1/pipes',
  StartPipe: 'POST /v1/pipes/{Name}/start',
  StopPipe: 'POST /v1/pipes/{Name}/stop',
});

/** Amazon EventBridge Pipes: from a queue or stream through filter, enrichment and template to a target. */
export function pipes(context: LocalContext): LocalService {
  const destinations = new ApiDestinations(context);
  const known: Pipe[] = [];
  const seen = new Set<string>();

  /** Runs once sources, functions and targets exist, or are known not to. */
  async function begin(): Promise<void> {
    const fresh = context.deployment.ofType(PIPE).filter(({ resource }) => !seen.has(resource.id));
    await Promise.all(fresh.map((deployed) => make(deployed)));
  }

  async function make(deployed: Deployed): Promise<void> {
    seen.add(deployed.resource.id);
    const pipe = new Pipe(deployed, pipeSettings(deployed));
    known.push(pipe);
    const reasons = await begun(pipe);
    if (reasons.length === 0) return;
    pipe.reason = reasons.join('; ');
    for (const reason of reasons)
      context.unsupported({ resource: deployed.displayName, type: PIPE, reason: `it does not run: ${reason}` });
  }

  async function begun(pipe: Pipe): Promise<readonly string[]> {
    const { deployed, settings } = pipe;
    const faults = whyNotRun(context, destinations, settings);
    if (faults.length > 0) return faults;
    const source = context.eventSource(settings.source);
    // Re-enabling a stream changes its ARN, which a pipe never picks up.
    if (!source) return [`Stream not found: its source '${settings.source}' is in no template`];
    const role = context.assume(settings.role, { service: PIPES, acting: deployed });
    if (typeof role === 'string') return [role];
    const denial = readingRefusal(context, role, source.needs);
    if (denial !== undefined) return [denial];
    const keyDenial = roleKeyRefusal(context, deployed, role);
    if (keyDenial !== undefined) return [keyDenial];
    const consumer = pipeConsumer({
      name: deployed.displayName,
      caller: role,
      settings,
      arn: deployed.arn,
      calls: new PipeCalls(context, destinations, role),
      queueUrl: `${context.endpoint}/${context.account}/${settings.target.split(':').at(-1)}`,
      running: () => pipe.running(),
      write: (line) => context.logs.write(deployed.displayName, line),
    });
    const refused = source.refusal?.(consumer, settings.reading);
    if (refused !== undefined) return [`AWS refuses it: ${refused}`];
    await pipe.use(source, consumer);
    return [];
  }

  function named(name: string): Pipe {
    const pipe = known.find(({ settings }) => settings.name === name);
    if (pipe) return pipe;
    throw new AwsError('NotFoundException', `Pipe ${name} does not exist.`, 404);
  }

  async function handle({ operation, request }: Call): Promise<HttpResponse> {
    const name = OPERATIONS.read(request)?.labels.Name ?? '';
    switch (operation) {
      case 'ListPipes':
        return jsonResponse({ Pipes: known.map(summary) });
      case 'DescribePipe':
        return jsonResponse(described(named(name)));
      default:
        return jsonResponse(await turned(named(name), operation === 'StartPipe'));
    }
  }

  async function turned(pipe: Pipe, on: boolean): Promise<ReturnType<typeof summary>> {
    if (pipe.reason !== undefined) throw new AwsError('ConflictException', `Pipe is not ready: ${pipe.reason}`, 409);
    if ((pipe.state === 'RUNNING') !== on) await (on ? pipe.start() : pipe.stop());
    return { ...summary(pipe), CurrentState: on ? 'STARTING' : 'STOPPING' };
  }

  function principals(): readonly ServicePrincipal[] {
    const all = context.deployment.ofType(PIPE);
    return all.map((resource) => ({ resource, role: pipeSettings(resource).role, service: PIPES }));
  }

  async function pendingOf(pipe: Pipe): Promise<string | undefined> {
    const left = await pipe.pending();
    return left === undefined ? undefined : `${left} for ${pipe.deployed.displayName}`;
  }

  return {
    resourceTypes: [PIPE],
    writers: [PIPE],
    api: {
      signingNames: ['pipes'],
      protocol: 'rest-json',
      denial: { code: 'AccessDeniedException', status: 403 },
      operation: (request) => OPERATIONS.read(request)?.operation,
      needs: ({ operation, request }) => {
        const read = OPERATIONS.read(request);
        if (!read) return undefined;
        const resource = operation === 'ListPipes' ? '*' : context.arn('pipes', `pipe/${read.labels.Name}`);
        return [{ action: `pipes:${operation}`, resource }];
      },
      handle,
    },
    principals,
    attend: begin,
    begin,
    pending: async () => (await Promise.all(known.map(pendingOf))).filter((one) => one !== undefined),
    stop: async () => void (await Promise.all(known.map((pipe) => pipe.end()))),
  };
}
