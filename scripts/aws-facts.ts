import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { accessIn } from '../lib/core/model/aws-types/speaks-of-access';
import { awsType } from '../lib/core/model/pulumi-aws';
import { nativeTypes } from './aws-facts/native';
import { readPackage } from './aws-facts/provider';
import { Specification } from './aws-facts/specification';
import { writeFormatted } from './formatted';

/**
 * Writes what the translation of Pulumi's AWS types is held against: from the packages in the node_modules of a folder of yours,
 * `npm install --ignore-scripts @pulumi/aws @pulumi/aws-native @aws-cdk/aws-service-spec`, which is no part of the repository.
 *
 *     npx tsx scripts/aws-facts.ts FOLDER
 */
async function main(folder: string | undefined): Promise<void> {
  if (folder === undefined) throw new Error("name the folder whose node_modules has '@pulumi/aws'");
  const modules = path.resolve(folder, 'node_modules');
  const provider = readPackage(path.join(modules, '@pulumi/aws'));
  const native = readPackage(path.join(modules, '@pulumi/aws-native'));
  const specification = new Specification(path.join(modules, '@aws-cdk/aws-service-spec'));
  const tokens = [...provider.types.keys()].sort();
  const translated = tokens.filter((token) => awsType(token));
  const others = tokens.filter((token) => !awsType(token));
  const matters = others.filter((token) => accessIn(token, provider.types.get(token)!.inputs as never).length > 0);
  const wholes = new Set(translated.flatMap((token) => awsType(token)?.type ?? []));
  const facts = {
    versions: { provider: provider.version, native: native.version, specification: specification.version },
    types: Object.fromEntries(translated.map((token) => [token, provider.types.get(token)])),
    cloudFormation: Object.fromEntries([...wholes].sort().map((type) => [type, specification.properties(type)])),
    unreadWhereItSpeaksOfAccess: matters,
    noRuleReads: others.filter((token) => !matters.includes(token)),
  };
  writeFileSync('test/core/model/aws-facts.json', `${JSON.stringify(facts)}\n`);
  writeFormatted('lib/core/model/aws-types/native-facts.ts', nativeTypes(native, specification));
}

main(process.argv[2]).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
