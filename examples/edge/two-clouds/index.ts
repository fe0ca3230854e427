import { Config } from '@pulumi/pulumi';
import { twoClouds } from './two-clouds';

export const { events, deadLetters } = twoClouds(new Config().requireSecret('key'));
