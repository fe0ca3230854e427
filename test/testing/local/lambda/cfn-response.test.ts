import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addCfnResponse } from '../../../../lib/testing/local/lambda/cfn-response';

const directory = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
afterEach(() => readdirSync(directory).forEach((file) => rmSync(path.join(directory, file))));
afterAll(() => rmSync(directory, { recursive: true }));

test.each([
  ["const response = require('cfn-response');", ['cfn-response.js']],
  ['const response = require(`cfn-response`);', ['cfn-response.js']],
  ['import json\nimport cfnresponse\n', ['cfnresponse.py']],
  ['import boto3, cfnresponse', ['cfnresponse.py']],
  ['def handler(event, context):\n  from cfnresponse import send\n', ['cfnresponse.py']],
  ['# of cfnresponse\nexports.handler = () => 1;', []],
])('inline code gets the module that it loads: %j', (code, files) => {
  addCfnResponse(directory, code);
  expect(readdirSync(directory)).toEqual(files);
});
