/** `npm run -s vitrine -- COMMAND ...`: what the page does, from a command line. Results on stdout, all else on stderr. */

import { type Command, CommandError, MISUSED } from './commands/command.ts';
import { dissect } from './commands/dissect.ts';
import { sites } from './commands/sites.ts';

const COMMANDS: Readonly<Record<string, Command>> = { sites, dissect };

async function main([name, ...args]: readonly string[]): Promise<void> {
  const help = [
    'npm run -s vitrine -- COMMAND',
    ...Object.values(COMMANDS).map(({ usage }) => `  ${usage}`),
  ].join('\n');
  if (name === '--help' || name === 'help') {
    process.stdout.write(`${help}\n`);
    return;
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command)
    throw new CommandError(name === undefined ? help : `unknown command ${name}\n${help}`, MISUSED);
  // One write of the whole: a pipe that closes early must not leave half a document behind a zero status.
  await command.run(args, (text) => process.stdout.write(text));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof CommandError;
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = known ? error.status : 1;
}
