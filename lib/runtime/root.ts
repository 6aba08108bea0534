// Where `node_modules` with the fonts is: with the function's code on Lambda, else where the process was started.
export const toRoot = (env: NodeJS.ProcessEnv): string => env['LAMBDA_TASK_ROOT'] ?? process.cwd();
