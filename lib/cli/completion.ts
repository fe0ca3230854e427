import { type Io, UsageError } from './io';
import { optionsOf } from './options';

const HELP = `lintel completion bash|zsh|fish

Prints a script with which a shell completes commands and their options.

Examples:
  echo 'source <(npx lintel completion bash)' >> ~/.bashrc
  npx lintel completion zsh > ~/.zfunc/_lintel
  npx lintel completion fish > ~/.config/fish/completions/lintel.fish
`;

type Words = readonly (readonly [command: string, options: readonly string[]])[];

const SCRIPTS: Readonly<Record<string, (words: Words) => string>> = { bash, zsh, fish };

/**
 * `lintel completion`: a script for a shell.
 * @param pages the `--help` of each command, by its name
 */
export async function completion(
  argv: readonly string[],
  io: Io,
  pages: () => Promise<Readonly<Record<string, string>>>,
): Promise<number> {
  const { values, positionals } = optionsOf(argv, {});
  if (values.help === true) {
    io.out(HELP);
    return 0;
  }
  const [shell = '', ...more] = positionals;
  if (!Object.hasOwn(SCRIPTS, shell) || more.length > 0) throw new UsageError('name one shell: bash, zsh or fish');
  const words = Object.entries(await pages()).map(([name, page]) => [name, optionsIn(page)] as const);
  io.out(SCRIPTS[shell]!(words));
  return 0;
}

/** The options that a page describes: those at the start of its lines, and `--help`. */
function optionsIn(page: string): readonly string[] {
  const described = [...page.matchAll(/^ {2}(--[\w-]+)|\[(--[\w-]+)/gm)].map(([, own, inline]) => (own ?? inline)!);
  return [...new Set([...described, '--help'])];
}

const names = (words: Words) => words.map(([name]) => name).join(' ');

function bash(words: Words): string {
  const cases = words.map(([name, options]) => `    ${name}) words="${options.join(' ')}" ;;`);
  return `_lintel() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names(words)} --help --version"
  elif [[ "$word" == -* ]]; then case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _lintel lintel
`;
}

function zsh(words: Words): string {
  const cases = words.map(([name, options]) => `    ${name}) compadd -- ${options.join(' ')} ;;`);
  return `#compdef lintel
_lintel() {
  if (( CURRENT == 2 )); then compadd -- ${names(words)} --help --version
  elif [[ "$words[CURRENT]" == -* ]]; then case "$words[2]" in
${cases.join('\n')}
  esac
  else _files; fi
}
compdef _lintel lintel
`;
}

function fish(words: Words): string {
  const lines = words.flatMap(([name, options]) => [
    `complete -c lintel -n __fish_use_subcommand -a ${name}`,
    ...options.map((option) => `complete -c lintel -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
  ]);
  return `${lines.join('\n')}\n`;
}
