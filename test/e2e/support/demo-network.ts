/** Makes the demonstration network once, as a first start makes it; each file of the stories goes on from a copy. */
import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { emptyDataDir, startIn } from './product.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A data folder. */
    demoNetwork: string;
  }
}

export default async function makeDemoNetwork(project: TestProject): Promise<() => void> {
  const dataDir = emptyDataDir();
  const product = await startIn(dataDir);
  await product.close();
  project.provide('demoNetwork', dataDir);
  return () => rmSync(dataDir, { recursive: true, force: true });
}
