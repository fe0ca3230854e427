import { Config } from '@pulumi/pulumi';
import { knowledge } from './knowledge';

export const { index, deadLetters } = knowledge(new Config().requireSecret('apiKey'));
