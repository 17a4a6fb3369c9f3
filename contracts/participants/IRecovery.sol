// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title IRecovery
 * @notice What a firm's account asks of the ledger when somebody has the firm recovered whose keys are not lost.
 */
interface IRecovery {
    /// @notice The account of member `number` stops its recovery.
    function stopRecovery(uint32 number) external;
}
