import { Config } from '@pulumi/pulumi';
import { links } from './links';

export const { database, deadLetters } = links(new Config().requireSecret('apiKey'));
