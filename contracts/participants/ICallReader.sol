// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev Confirms that something is owed: issues a bill, takes the issue back.
uint16 constant KIND_ISSUE = 1;
/// @dev Offers a parcel, has an offer stand longer.
uint16 constant KIND_TRANSFER = 2;
/// @dev Takes or refuses what was offered, withdraws or ends an offer.
uint16 constant KIND_RECEIVE = 4;
/// @dev Sells to a bank; as a bank: signs quotes, cancels them, names desks.
uint16 constant KIND_FINANCE = 8;
/// @dev Pays in to a bill, has one paid out, moves deposits or lets somebody move them.
uint16 constant KIND_PAY = 16;
/// @dev Has deposits made and paid out; as a settlement bank: makes them and answers.
uint16 constant KIND_CASH = 32;
/// @dev As a bank: sets its lines.
uint16 constant KIND_LINES = 64;
/// @dev What concerns the firm as a member: standing acceptance, another account, its recovery.
uint16 constant KIND_MEMBERSHIP = 128;
/// @dev The account's own affairs: policy, signers, nonces. The account knows them itself.
uint16 constant KIND_OWN = 256;
/// @dev Whatever else.
uint16 constant KIND_OTHER = 512;
uint16 constant ALL_KINDS = 1023;

/// @dev The largest amount: of what cannot be read, and of what has no bound.
uint256 constant LARGEST = type(uint56).max;

/**
 * @title ICallReader
 * @notice Reads what kind of instruction a call is, and for how much, so that a firm's policy can ask for more signers where more is at stake.
 */
interface ICallReader {
    /// @return kinds A bit for each kind that the call is: several for one that makes several calls.
    /// @return amount Minor units, {LARGEST} at most. Of a parcel that is named whole its length now. A call counts as `OTHER` and the
    /// largest amount unless its target, function and encoding are known.
    function read(address target, bytes calldata data) external view returns (uint256 kinds, uint256 amount);
}
