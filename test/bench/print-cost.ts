// What a million admissions cost, with the access log's format as it is deployed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSwapgateApp } from '../../lib/infra/app.ts';
import { toScanLogBytes } from './access-log.ts';
import {
  BILLED_MS,
  BUSY_DOOR,
  DOOR_MEMORY_MB,
  toFollowingCost,
  toRequestCost,
} from './cost-model.ts';

export function printCost(): void {
  const outdir = mkdtempSync(join(tmpdir(), 'swapgate-bench-'));
  try {
    const { stacks } = createSwapgateApp({ bundle: false, outdir }).synth();
    const resources = stacks.flatMap(({ template }) => Object.values(template.Resources));
    const stage = resources.find(
      (resource): resource is StageResource =>
        (resource as { Type: string }).Type === 'AWS::ApiGatewayV2::Stage',
    );
    const logBytes = toScanLogBytes(stage?.Properties.AccessLogSettings.Format ?? '');
    const memoryMb = DOOR_MEMORY_MB;
    const path = { writeUnits: 1, readUnits: 0, logBytes, memoryMb, billedMs: BILLED_MS };
    const [request, following] = [toRequestCost(path), toFollowingCost(BUSY_DOOR)];
    console.log(`logged: ${logBytes} bytes a scan; bar 180`);
    console.log(
      `a million admissions: ${request.toFixed(3)} USD, ${(request + following).toFixed(3)} USD with log, ` +
        `attendance and scan packs; bars 1.95 and 2.75`,
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

interface StageResource {
  readonly Properties: { readonly AccessLogSettings: { readonly Format: string } };
}
