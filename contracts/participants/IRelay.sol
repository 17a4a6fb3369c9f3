// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/**
 * @title IRelay
 * @notice Carries signed batches of several firms' accounts in one transaction. Anybody may; it has no rights of its own.
 *
 * Each act is a call of its own under its own gas: what becomes of one changes nothing for the others. After each comes
 * one event; the logs of the act stand between that event and the one before.
 */
interface IRelay {
    struct Act {
        /// @dev An account of the factory.
        address account;
        /// @dev What the act may use at most, its signature included.
        uint256 gas;
        /// @dev `abi.encode` of the arguments of {IOrgAccount-execute}.
        bytes execution;
    }

    /// @notice The account has carried out the act at this place.
    event ActDone(uint256 index);
    /// @notice Nothing of the act at this place was carried out.
    /// @param reason What the account reverted with, cut after 256 bytes. Empty: the act used up its gas, or no reason was given.
    event ActFailed(uint256 index, bytes reason);

    /// @dev An act that was being carried called in here.
    error RelayReentered();
    /// @dev As a reason: no account of the factory's making.
    error RelayForeignAccount(address account);

    /// @notice Carries `acts` in order. An act for which too little gas is left is not begun, nor is any after it: there is
    /// no event for those, and they can be sent again.
    function relay(Act[] calldata acts) external;
}
