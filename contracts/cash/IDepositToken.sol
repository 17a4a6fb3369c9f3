// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/**
 * @title IDepositToken
 * @notice Tokenised deposits of one currency. Settlement banks issue them against money that they hold, and pay out those
 * that are redeemed; only members hold them. The operator cannot make, move or destroy any.
 */
interface IDepositToken is IERC20 {
    /// @notice `bank` issued `amount` to `member` against a deposit; `booking` is the hash of the bank's booking.
    event Deposited(uint32 indexed bank, uint32 indexed member, uint256 amount, bytes32 booking);
    /// @notice `member` gave `amount` back to be paid out by `bank`.
    event Redeemed(uint32 indexed bank, uint32 indexed member, uint256 amount, bytes32 booking);

    /// @dev The account is no member's.
    error DepositTokenNotMember(address account);
    error DepositTokenNotSettlementBank(uint32 caller);

    /// @notice A settlement bank issues `amount` minor units to a member.
    function deposit(uint32 member, uint256 amount, bytes32 booking) external;

    /// @notice The calling member gives `amount` back, to be paid out to its account by `bank`.
    function redeem(uint32 bank, uint256 amount, bytes32 booking) external;

    /// @notice ISO 4217 numeric code.
    function currency() external view returns (uint16);
}
