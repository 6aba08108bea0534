// Writing a CSV that may take longer than one call of a worker: in parts that are objects of their own, and with a note
// after each of where to go on. Parts are found by their prefix, so an erasure deletes them like any file.
import type { FileState } from '../../domain/file-state.ts';
import type { SaveFile } from '../export-ports.ts';
import { toNewId } from '../ids.ts';
import type { Csv, ObjectStore } from '../import-ports.ts';
import { findRisky, type Line, openSafeLines, toSafeHeader } from '../imports/safe-lines.ts';
import type { Clock } from '../ports.ts';

/** S3 joins parts of at least 5 MiB; one of them is held in memory. */
const PART_CHARACTERS = 5 * 1024 * 1024;
const CONTENT_TYPE = 'text/csv; charset=utf-8';

export interface WriteDeps {
  readonly objects: Pick<ObjectStore, 'find' | 'read' | 'write' | 'join' | 'remove'>;
  readonly csv: Pick<Csv, 'toText'>;
  readonly clock: Clock;
  /** PART_CHARACTERS unless a test is in a hurry. */
  readonly partCharacters?: number;
}

export interface Batch {
  readonly lines: readonly Line[];
  /** Behind it the next lines come; undefined with the last ones. */
  readonly next: string | undefined;
}

export interface FileTable {
  /** Of columns of our own making, in front of the others. */
  readonly facts: readonly string[];
  readonly header: readonly string[];
  /** Where the lines come from: a file is begun again when that has changed. */
  readonly source: string;
  readonly read: (after: string | undefined) => AsyncIterable<Batch>;
}

export interface FileJob {
  readonly key: string;
  readonly table: FileTable;
  /** Cells as they are, also those that a spreadsheet would run. */
  readonly isRaw: boolean;
  readonly state: FileState | undefined;
  readonly save: SaveFile;
  /** False when nobody wants the file any more. */
  readonly finish: () => Promise<boolean>;
  readonly deadlineMs: number;
}

interface Work {
  readonly deps: WriteDeps;
  readonly job: FileJob;
  state: FileState;
  /** What is stored; undefined while nothing is. */
  mark: string | undefined;
}

/** `later`: another call has to go on. `ended`: it is done, another call is at it, or nobody wants it any more. */
export type FileEnd = 'later' | 'ended';

/**
 * A column with a cell that a spreadsheet would run is escaped as a whole, and its header says so. The file is written as
 * if there were none; at the first one the rest is looked through for more, and it is begun again.
 */
export async function writeFile(deps: WriteDeps, job: FileJob): Promise<FileEnd> {
  const { state, table } = job;
  const isSame = state?.source === table.source;
  const work: Work = {
    deps,
    job,
    state: isSame ? state : toStart(table, []),
    mark: state?.mark,
  };
  for (;;) {
    const end = work.state.isLooking ? await look(work) : await write(work);
    if (end !== 'again') return end;
  }
}

const toStart = ({ source }: FileTable, risky: readonly number[]): FileState => ({
  source,
  risky,
  isLooking: false,
  parts: [],
  mark: '',
});

/** Notes how far it is; false when another call has noted something meanwhile. */
async function keep(work: Work, next: FileState): Promise<boolean> {
  const state = { ...next, mark: toNewId('request', work.deps.clock()) };
  if (!(await work.job.save(state, work.mark))) return false;
  work.state = state;
  work.mark = state.mark;
  return true;
}

async function look(work: Work): Promise<FileEnd | 'again'> {
  const { deps, job, state } = work;
  const risky = new Set(state.risky);
  for await (const { lines, next } of job.table.read(state.after)) {
    for (const column of findRisky(job.table.header, lines)) risky.add(column);
    if (next === undefined || deps.clock() < job.deadlineMs) continue;
    const isKept = await keep(work, { ...state, risky: [...risky], after: next });
    return isKept ? 'later' : 'ended';
  }
  work.state = toStart(job.table, [...risky]);
  return 'again';
}

async function write(work: Work): Promise<FileEnd | 'again'> {
  const { deps, job } = work;
  const { table, isRaw } = job;
  const { partCharacters = PART_CHARACTERS } = deps;
  const toRecord = isRaw ? toRawRecord : openSafeLines(table.header, new Set(work.state.risky));
  let text = await readBeginning(work);
  for await (const { lines, next } of table.read(work.state.after)) {
    const risky = isRaw ? [] : findRisky(table.header, lines);
    if (risky.some((column) => !work.state.risky.includes(column))) {
      return beginAgain(work, risky, next);
    }
    text += deps.csv.toText(lines.map(toRecord));
    if (next === undefined) break;
    const isLate = deps.clock() >= job.deadlineMs;
    const isFull = text.length >= partCharacters;
    if (!isLate && !isFull) continue;
    if (!(await putPart(work, text, { next, isFull }))) return 'ended';
    text = '';
    if (isLate) return 'later';
  }
  await complete(work, text);
  return 'ended';
}

const toRawRecord = ({ facts, cells }: Line): readonly string[] => [...facts, ...cells];

/** Of the part that is written next. */
async function readBeginning({ deps, job, state }: Work): Promise<string> {
  const { key, table, isRaw } = job;
  if (state.tail !== undefined) {
    const found = await deps.objects.find(toPartKey(key, state.tail));
    if (found === undefined) throw new Error('a part of the file is gone');
    const chunks: Buffer[] = [];
    for await (const chunk of deps.objects.read(found)) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }
  if (state.parts.length > 0) return '';
  const { facts, header } = table;
  const record = isRaw ? [...facts, ...header] : toSafeHeader(facts, header, new Set(state.risky));
  return deps.csv.toText([record], { isStart: true });
}

async function beginAgain(
  work: Work,
  found: readonly number[],
  next: string | undefined,
): Promise<FileEnd | 'again'> {
  const { state, job } = work;
  const risky = [...new Set([...state.risky, ...found])];
  const start = toStart(job.table, risky);
  const again = next === undefined ? start : { ...start, isLooking: true, after: next };
  // First: what is noted has its parts.
  if (work.mark !== undefined && !(await keep(work, again))) return 'ended';
  work.state = again;
  await removeParts(work, state);
  return 'again';
}

async function putPart(
  work: Work,
  text: string,
  { next, isFull }: { readonly next: string; readonly isFull: boolean },
): Promise<boolean> {
  const { deps, job, state } = work;
  const { tail, parts, ...rest } = state;
  const part = toNewId('request', deps.clock());
  await deps.objects.write(toPartKey(job.key, part), CONTENT_TYPE, toChunks(text));
  const now = isFull ? { parts: [...parts, part] } : { parts, tail: part };
  const isKept = await keep(work, { ...rest, ...now, after: next });
  await removeParts(work, { parts: isKept ? [] : [part], ...(isKept && tail ? { tail } : {}) });
  return isKept;
}

async function complete(work: Work, text: string): Promise<void> {
  const { deps, job, state } = work;
  const { key } = job;
  if (state.parts.length === 0) await deps.objects.write(key, CONTENT_TYPE, toChunks(text));
  else await joinParts(work, text);
  if (!(await job.finish())) await deps.objects.remove(key);
  await removeParts(work, state);
}

async function joinParts(work: Work, text: string): Promise<void> {
  const { deps, job, state } = work;
  const last = text === '' ? [] : [toNewId('request', deps.clock())];
  for (const part of last) {
    await deps.objects.write(toPartKey(job.key, part), CONTENT_TYPE, toChunks(text));
  }
  const parts = [...state.parts, ...last].map((part) => toPartKey(job.key, part));
  await deps.objects.join(job.key, CONTENT_TYPE, parts);
  await removeParts(work, { parts: last });
}

/** With its parts. */
export async function removeFile(
  { objects }: { readonly objects: Pick<ObjectStore, 'list' | 'remove'> },
  key: string,
): Promise<void> {
  for (const found of await objects.list(key)) await objects.remove(found.key);
}

async function removeParts(
  { deps, job }: Work,
  { parts, tail }: Pick<FileState, 'parts' | 'tail'>,
): Promise<void> {
  for (const part of tail === undefined ? parts : [...parts, tail]) {
    await deps.objects.remove(toPartKey(job.key, part));
  }
}

const toPartKey = (key: string, part: string): string => `${key}.${part}`;

async function* toChunks(text: string): AsyncGenerator<string> {
  yield text;
}
