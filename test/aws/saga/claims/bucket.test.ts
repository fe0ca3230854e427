import { buildSync } from 'esbuild';

test.each(['keeper', 'durable/keeper', 'durable/orchestrator', 'claims/worker'])(
  '%s loads the client of S3 only once something is fetched or stored',
  (module) => {
    const { metafile } = buildSync({
      entryPoints: [`lib/aws/saga/${module}.ts`],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      external: ['@aws-sdk/*', '@smithy/*', 'lintel:*'],
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    const ofS3 = imports.filter(({ path }) => path === '@aws-sdk/client-s3').map(({ kind }) => kind);
    expect(new Set(ofS3)).toEqual(new Set(['dynamic-import']));
  },
);
