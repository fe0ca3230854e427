import { commented, key } from '../../core/event-schema/type-text';
import type { EventTypes, HubTypes } from './events';
import type { Handler } from './handlers';

/** What `lintel types` writes: the variables of handlers, and what their events hold. */
export function declaration(handlers: readonly Handler[], events: EventTypes): string {
  return [
    `// Written by 'lintel types' from the synthesized app. Write it again when the app changes.\n`,
    `declare namespace Lintel {\n${variables(handlers)}${eventsByType(events)}${publishers(events)}${events.hubs
      .map(hubTypes)
      .join('')}}\n`,
    'declare namespace NodeJS {\n  interface ProcessEnv extends Lintel.Variables {}\n}\n',
  ].join('\n');
}

function variables(handlers: readonly Handler[]): string {
  const names = [
    ...new Set(handlers.flatMap((handler) => Object.keys(handler.variables).filter(isTheirs(handler)))),
  ].sort();
  const members = names.map((name) => {
    const holders = handlers.filter((handler) => name in handler.variables);
    const sometimes = holders.some((handler) => handler.variables[name]!.includes(undefined));
    const who = commented(holders.map((handler) => handler.name).join(', '), '    ');
    return `${who}    ${key(name)}${sometimes ? '?' : ''}: string;\n`;
  });
  return `  /** Variables of the handlers; a handler has those that list it. */\n  interface Variables {\n${members.join('')}  }\n`;
}

/** Variables that only `publisher()` and `subscriber()` read are left out, and so are Node.js options. */
function isTheirs({ variables: all }: Handler): (name: string) => boolean {
  const subscribes = 'SUBSCRIPTION_PROCESSED' in all;
  const pattern = /^(.+)_PUBLISH_[0-9A-F]{8}$/;
  const beside = Object.keys(all).flatMap((name) => {
    const hub = pattern.exec(name)?.[1];
    return hub === undefined ? [] : [name, `${hub}_VALIDATE`, `${hub}_CLAIMS`, `${hub}_LIMIT`];
  });
  return (name) =>
    name !== 'NODE_OPTIONS' && !beside.includes(name) && !(subscribes && /^SUBSCRIPTION(_|$)/.test(name));
}

function eventsByType({ hubs }: EventTypes): string {
  const types = [...new Set(hubs.flatMap((hub) => Object.keys(hub.events)))].sort();
  const members = types.map((type) => `    ${key(type)}: ${either(hubs, type)};\n`);
  return `  /** The data of events by type. */\n  interface Events {\n${members.join('')}  }\n`;
}

function publishers({ published }: EventTypes): string {
  const lines = Object.entries(published).map(([variable, sources]) => {
    const inner = Object.entries(sources).map(([source, types]) => {
      const members = Object.entries(types).map(([type, hubs]) => `${key(type)}: ${either(hubs, type)}`);
      return `      ${key(source)}: { ${members.join('; ')} };\n`;
    });
    return `    ${key(variable)}: {\n${inner.join('')}    };\n`;
  });
  return `  /** What may be published, by the name in 'access', the source and the type. */\n  interface Publishers {\n${lines.join('')}  }\n`;
}

/** Several hubs may know a type; its data is that of one of them. */
function either(hubs: readonly HubTypes[], type: string): string {
  const names = hubs
    .filter((hub) => Object.hasOwn(hub.events, type))
    .map((hub) => (hub.events[type] === undefined ? 'unknown' : `${hub.name}.${hub.events[type]}`));
  return names.includes('unknown') ? 'unknown' : [...new Set(names)].join(' | ');
}

function hubTypes({ hub, name, types }: HubTypes): string {
  if (types.size === 0) return '';
  const lines = [...types].map(([type, text]) => `    type ${type} = ${text.replace(/\n/g, '\n    ')};\n`);
  return `${commented(hub, '  ')}  namespace ${name} {\n${lines.join('')}  }\n`;
}
