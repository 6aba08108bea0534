// Ends a child process with this one, however this one ends. After SIGKILL nothing of ours runs any more, but the system
// closes our end of a pipe: a shell waits for that at the other end.
import { type ChildProcess, spawn } from 'node:child_process';

const WAIT_AND_KILL = 'read -r _; kill -9 "$0"';

export function endWithUs(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const watcher = spawn('/bin/sh', ['-c', WAIT_AND_KILL, String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell the child is still ended in every other way.
  watcher.on('error', () => undefined);
  watcher.unref();
  // Before the number of the ended child is given to another process.
  child.once('exit', () => watcher.kill('SIGKILL'));
}
