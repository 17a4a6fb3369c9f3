// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Remembers who stopped the recovery of whom, as {IRecoveries-stopRecovery} of the ledger would be called.
contract RecoveryDouble {
    event Stopped(address by, uint32 number);

    function stopRecovery(uint32 number) external {
        emit Stopped(msg.sender, number);
    }
}
