// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRecovery} from "../../../contracts/participants/IRecovery.sol";

/// @notice Remembers who stopped the recovery of whom.
contract RecoveryDouble is IRecovery {
    event Stopped(address by, uint32 number);

    /// @inheritdoc IRecovery
    function stopRecovery(uint32 number) external {
        emit Stopped(msg.sender, number);
    }
}
