// A language host for Node.js: the engine starts it and reads its port; each Run starts the SDK's own entry point in a
// process of its own, which talks to the engine directly. Used where Pulumi has not brought its own.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import services from '@pulumi/pulumi/proto/language_grpc_pb.js';
import messages from '@pulumi/pulumi/proto/language_pb.js';
import plugins from '@pulumi/pulumi/proto/plugin_pb.js';
import { serve, unary } from './grpc.mjs';

/** The SDK exits with this code when it has shown the error itself. */
const SHOWN = 32;

const preload = path.join(path.dirname(fileURLToPath(import.meta.url)), 'quiet-inspect.cjs');
let engine = process.argv.slice(2).find((argument) => !argument.startsWith('-')) ?? '';

/** @param {import('@pulumi/pulumi/proto/language_pb.js').RunRequest} request */
function run(request) {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() || process.cwd();
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const script = createRequire(path.join(directory, 'index.js')).resolve('@pulumi/pulumi/cmd/run');
  const settings = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    'root-directory': info?.getRootDirectory(),
    stack: request.getStack(),
    pwd: directory,
    parallel: request.getParallel(),
  };
  const args = [
    ...String(options.nodeargs ?? '')
      .split(' ')
      .filter(Boolean),
    '--require',
    preload,
    script,
    ...Object.entries(settings).flatMap(([name, value]) => (value ? [`--${name}`, String(value)] : [])),
    ...(request.getDryrun() ? ['--dry-run'] : []),
    info?.getEntryPoint() || '.',
  ];
  const env = {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    ...(options.typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: 'true' }),
  };
  const response = new messages.RunResponse();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: directory, env, stdio: ['ignore', 2, 2] });
    child.on('error', (error) => {
      response.setError(String(error));
      resolve(response);
    });
    child.on('exit', (code, signal) => {
      if (code === SHOWN) response.setBail(true);
      else if (code !== 0) response.setError(`the program ended with ${code ?? signal}`);
      resolve(response);
    });
  });
}

function pluginInfo() {
  const info = new plugins.PluginInfo();
  info.setVersion(createRequire(import.meta.url)('@pulumi/pulumi/package.json').version);
  return info;
}

const server = new grpc.Server();
server.addService(
  services.LanguageRuntimeService,
  unary({
    handshake: (/** @type {import('@pulumi/pulumi/proto/language_pb.js').LanguageHandshakeRequest} */ request) => {
      engine = request.getEngineAddress() || engine;
      return new messages.LanguageHandshakeResponse();
    },
    getPluginInfo: pluginInfo,
    getRequiredPackages: () => new messages.GetRequiredPackagesResponse(),
    run,
    about: () => new messages.AboutResponse(),
    getProgramDependencies: () => new messages.GetProgramDependenciesResponse(),
    runtimeOptionsPrompts: () => new messages.RuntimeOptionsResponse(),
    template: () => new messages.TemplateResponse(),
    cancel: () => new empty.Empty(),
  }),
);
serve(server);
