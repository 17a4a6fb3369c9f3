import { expect } from 'chai';
import type { BaseContract } from 'ethers';
import { refusalOf, revertDataOf } from '#chain/errors.ts';
import type { ProblemCode } from '#domain/problems.ts';

/** Expects the act to fail with this error of this contract and exactly these arguments. */
export async function refused(
  act: Promise<unknown>,
  by: BaseContract | { interface: BaseContract['interface'] },
  error: string,
  ...args: unknown[]
): Promise<void> {
  await expect(act)
    .to.be.revertedWithCustomError(by as BaseContract, error)
    .withArgs(...args);
}

/** What the services make of the failure of an act. */
export async function refusalFrom(act: Promise<unknown>) {
  try {
    await act;
  } catch (error) {
    const data = revertDataOf(error);
    if (data === undefined) throw error;
    return refusalOf(data);
  }
  throw new Error('the act was not refused');
}

export const codeFrom = (act: Promise<unknown>): Promise<ProblemCode> =>
  refusalFrom(act).then(({ code }) => code);
